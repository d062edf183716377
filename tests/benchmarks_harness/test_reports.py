"""What the harness writes, and with which status it ends."""

import pytest

from tests.benchmarks.harness.catalogue import benchmarks
from tests.benchmarks.harness.figures import Figure, Peer, at_least, at_most
from tests.benchmarks_harness.bench import Bench, NewFigure


def test_a_report_tells_the_figure_its_promise_and_its_rivals(bench: Bench) -> None:
    peers = (Peer("COPY", 2.0, "s"),)
    bench.finds("imports", Figure("import", 8.5, "s", at_most(20), peers=peers))
    assert bench.run("imports") == 0
    assert bench.report("imports")["figures"] == [
        {
            "figure": "import",
            "value": 8.5,
            "unit": "s",
            "promise": {"atMost": 20},  # codespell:ignore
            "holds": True,
            "peers": [{"name": "COPY", "value": 2.0, "unit": "s"}],
        }
    ]


def test_a_report_tells_on_which_machine_and_commit_and_when(bench: Bench) -> None:
    bench.finds("imports")
    bench.run("imports")
    report = bench.report("imports")
    assert set(report) == {"benchmark", "machine", "commit", "started", "finished", "figures"}
    assert set(report["machine"]) == {
        "processor", "cores", "memoryBytes", "kernel", "python", "postgres", "loadAverage"
    }  # fmt: skip
    assert set(report["commit"]) == {"revision", "dirty"}
    assert report["started"] == report["finished"] == "2026-11-20T12:00:00Z"


def test_a_broken_promise_is_reported_and_fails_the_run(bench: Bench, figure: NewFigure) -> None:
    bench.finds("imports", figure(1), figure(21, promise=at_most(20)))
    assert bench.run("imports") == 1
    assert [found["holds"] for found in bench.report("imports")["figures"]] == [None, False]


def test_one_broken_promise_fails_the_run_of_all(bench: Bench, figure: NewFigure) -> None:
    bench.finds("broken", figure(4, promise=at_least(5)))
    bench.finds("kept", figure(5, promise=at_least(5)))
    assert bench.run("all") == 1
    assert bench.written() == {"broken.json", "kept.json"}
    assert bench.run("kept") == 0


def test_a_benchmark_that_fails_leaves_no_earlier_report_and_stops_no_other(
    bench: Bench, figure: NewFigure, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.finds("away", figure())
    bench.finds("here", figure())
    assert bench.run("all") == 0
    bench.fails("away")
    assert bench.run("all") == 1
    assert bench.written() == {"here.json"}
    assert "the database is away" in capsys.readouterr().err


@pytest.mark.parametrize("names", [("nothing",), ("imports", "nothing"), ()])
def test_an_unknown_name_is_refused_with_the_names_there_are(
    bench: Bench, names: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    bench.finds("imports")
    assert bench.run(*names) == 2
    assert "there are: imports, all" in capsys.readouterr().err
    assert bench.written() == set()


def test_the_table_shows_value_promise_verdict_and_rivals(
    bench: Bench, figure: NewFigure, capsys: pytest.CaptureFixture[str]
) -> None:
    peers = (Peer("COPY", 640_401.4, "rows/s"),)
    bench.finds("imports", figure(21.04, promise=at_most(20), peers=peers))
    bench.run("imports")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["import", "21", "s", "at", "most", "20", "BROKEN"] in lines
    assert ["|", "COPY", "640,401", "rows/s"] in lines


def test_every_benchmark_of_the_project_is_found_by_its_folder() -> None:
    assert "foundation" in benchmarks()
    assert "harness" not in benchmarks()
