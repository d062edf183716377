"""`novads registry generate` and `novads registry import`."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg

Novads = Any


def generated(
    novads: Novads, out: Path, residents: int = 300, municipality: str = "LV0044000"
) -> Path:
    """Generate a small feed."""
    done = novads.run(
        "registry", "generate", "--municipality", municipality,
        "--residents", str(residents), "--seed", "1", "--out", str(out),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out


def row_of(output: str, file: str) -> list[int]:
    """Read one file's figures: read, landed, rejected, added, changed, closed."""
    line = next(line for line in output.splitlines() if line.startswith(file))
    return [int(figure.replace(",", "")) for figure in line.split()[1:]]


def test_a_generated_feed_is_imported_once_and_a_repetition_changes_nothing(
    novads: Novads,
) -> None:
    feed = generated(novads, novads.directory / "feed")
    assert novads.run("migrate").returncode == 0
    first = novads.run("registry", "import", str(feed))
    assert first.returncode == 0, first.stderr
    assert row_of(first.stdout, "residents.csv") == [300, 300, 0, 300, 0, 0]
    second = novads.run("registry", "import", str(feed))
    assert row_of(second.stdout, "residents.csv") == [300, 300, 0, 0, 0, 0]


def test_a_bad_row_is_counted_and_the_report_is_named(novads: Novads) -> None:
    feed = generated(novads, novads.directory / "feed", residents=50)
    with (feed / "residents.csv").open("a", encoding="utf-8") as file:
        file.write(",,,,,\n")
    assert novads.run("migrate").returncode == 0
    done = novads.run("registry", "import", str(feed))
    assert done.returncode == 0, done.stderr
    assert row_of(done.stdout, "residents.csv")[:3] == [51, 50, 1]
    report = novads.directory / "reports" / "registry-import.csv"
    assert f"Bad rows: {report}" in done.stdout
    assert "residents.csv,52" in report.read_text(encoding="utf-8-sig")


def test_a_municipality_that_does_not_exist_is_refused_without_a_traceback(
    novads: Novads,
) -> None:
    refused = novads.run(
        "registry", "generate", "--municipality", "LV9999999", "--out", str(novads.directory / "x")
    )
    assert refused.returncode == 1
    assert "LV9999999 is no municipality" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_directory_without_a_manifest_is_refused_without_a_traceback(novads: Novads) -> None:
    assert novads.run("migrate").returncode == 0
    refused = novads.run("registry", "import", str(novads.directory))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr


async def test_a_failure_is_told_by_its_place_and_not_by_the_row_that_failed(
    novads: Novads, owner_url: str
) -> None:
    feed = await asyncio.to_thread(generated, novads, novads.directory / "feed", 20)
    owner = await asyncpg.connect(owner_url)
    await owner.execute("ALTER TABLE resident_fact ADD CONSTRAINT nobody CHECK (sex IS NULL)")
    await owner.close()
    failed = await asyncio.to_thread(
        novads.run, "registry", "import", str(feed), database_url=owner_url
    )
    told = failed.stdout + failed.stderr
    assert failed.returncode == 70
    assert "IntegrityError" in told
    assert "Failing row" not in told
    assert "female" not in told


def test_several_municipalities_are_imported_at_once_and_a_bad_feed_stops_no_other(
    novads: Novads,
) -> None:
    feeds = [generated(novads, novads.directory / "first", residents=40)]
    feeds.append(generated(novads, novads.directory / "second", 30, "LV0048000"))
    (novads.directory / "empty").mkdir()
    assert novads.run("migrate").returncode == 0
    done = novads.run("registry", "import", *map(str, feeds), str(novads.directory / "empty"))
    assert done.returncode == 1
    assert "has no manifest.json" in done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("residents.csv")]
    assert [row_of(line, "residents.csv")[:2] for line in lines] == [[40, 40], [30, 30]]


def test_a_feed_that_takes_much_away_is_held_until_somebody_accepts_it(novads: Novads) -> None:
    feed = generated(novads, novads.directory / "feed", residents=150)
    assert novads.run("migrate").returncode == 0
    assert novads.run("registry", "import", str(feed)).returncode == 0
    people = feed / "residents.csv"
    people.write_text("".join(people.read_text(encoding="utf-8").splitlines(keepends=True)[:100]))
    held = novads.run("registry", "import", str(feed))
    assert held.returncode == 1
    assert "gate_row_count: residents.csv: 99 rows, now 150" in held.stdout
    accepted = novads.run("registry", "import", "--accept-gates", str(feed))
    assert accepted.returncode == 0
    assert row_of(accepted.stdout, "residents.csv")[5] == 51
