"""`python -m tests.benchmarks NAME...`: measure, print, write `var/bench/NAME.json`."""

import sys

from backend.kernel.clock import system_clock
from tests.benchmarks.harness.catalogue import benchmarks
from tests.benchmarks.harness.run import PROJECT, run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], benchmarks(), PROJECT / "var" / "bench", system_clock))
