"""An import keeps a batch in memory, not the feed."""

import tracemalloc
from datetime import date
from pathlib import Path

from backend.kernel.personal_data import Vault
from groups.registry.encoding import known
from groups.registry.feed.reading import opened
from groups.registry.staging import BATCH
from groups.registry.subjects import SUBJECTS

PEOPLE = next(subject for subject in SUBJECTS if subject.feed.subject == "residents")
HEADER = "personal_code,given_name,family_name,birth_on,sex,address_ref,interests\n"


def peak_of(path: Path, rows: int, vault: Vault) -> int:
    """Read and write down a file of as many residents; gives the most bytes held at once."""
    with path.open("w") as file:
        file.write(HEADER)
        for number in range(rows):
            day = date.fromordinal(715_000 + number % 20_000)
            file.write(f"39{number:09d},Parauga,Persona {number},{day},female,A{number},culture\n")
    tracemalloc.start()
    try:
        with opened(path, PEOPLE.feed, day=date(2026, 11, 20), batch=BATCH) as lines:
            for batch in lines.batches:
                assert sum(
                    len(copy.rows) for copy in PEOPLE.encode(known(vault, PEOPLE.feed, batch))
                )
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_four_times_the_rows_take_hardly_more_memory(tmp_path: Path, vault: Vault) -> None:
    path = tmp_path / "residents.csv"
    two, eight = (peak_of(path, BATCH * batches, vault) for batches in (2, 8))
    assert eight < two * 1.25
