"""`novads demo` as a newcomer runs it."""

import json
import signal
from collections.abc import Iterator

import pytest

from tests.drivers.installation import Installation, Started
from tests.drivers.ports import is_free
from tests.drivers.waiting import until_true
from tests.e2e.conftest import installation_in, open_directory
from tests.e2e.town import Json, assert_balanced

RESIDENTS = 500
STOP_SECONDS = 20.0


@pytest.fixture(scope="module")
def shown() -> Iterator[tuple[Installation, Started]]:
    """Run the whole demo once, in a directory where nothing was before."""
    with open_directory() as directory, installation_in(directory, workers="1") as installation:
        demo = installation.start("demo", "--once", "--residents", str(RESIDENTS))
        until_true(lambda: demo.process.poll() is not None, "the demo ends")
        yield installation, demo


def report_of(installation: Installation) -> Json:
    """Read the demo's report."""
    report: Json = json.loads((installation.directory / "demo" / "report.json").read_text())
    return report


def test_the_demo_ends_well_and_its_report_balances(shown: tuple[Installation, Started]) -> None:
    installation, demo = shown
    assert demo.process.returncode == 0, demo.output
    report = report_of(installation)
    assert (report["residents"], report["balanced"]) == (RESIDENTS, True)
    assert_balanced(report["counters"])
    assert report["counters"]["state"] == "sent"
    assert all(
        each["received"] and not each["duplicates"] for each in report["simulators"].values()
    )
    assert [stage["name"] for stage in report["stages"] if stage["name"] not in demo.output] == []


def test_the_demos_group_follows_a_feed_that_is_sent_over_the_api(
    shown: tuple[Installation, Started],
) -> None:
    installation, demo = shown
    following = report_of(installation)["following"]
    assert following["membersAfter"] == following["membersBefore"] + 1
    assert following["secondsUntilImported"] > 0
    assert "vecums 3–6 gadi: Kārlis; " in demo.output


def test_the_demo_leaves_nothing_running_and_its_ports_free(
    shown: tuple[Installation, Started],
) -> None:
    installation, _ = shown
    assert installation.running() == {}
    assert [name for name, port in installation.ports.items() if not is_free(port)] == []


@pytest.mark.parametrize(
    ("moment", "residents"),
    [("Registry feed:", 300_000), ("Fan-out:", RESIDENTS)],
    ids=["while a command of the job runs", "while messages are sent"],
)
def test_ctrl_c_stops_the_demo_with_nothing_left_running(
    shown: tuple[Installation, Started], moment: str, residents: int
) -> None:
    installation, _ = shown
    demo = installation.start("demo", "--residents", str(residents))
    until_true(lambda: moment in demo.output, f"the demo says {moment}")
    assert len(installation.running()) > 5
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=STOP_SECONDS) == 0
    assert installation.running() == {}
    assert [name for name, port in installation.ports.items() if not is_free(port)] == []
