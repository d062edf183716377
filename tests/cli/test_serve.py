"""`novads serve` on both servers."""

import base64
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from backend.cli.main import main

Novads = Any
Answered = Callable[[str], int]
PATIENCE_SECONDS = 60
NOWHERE = "postgresql://nobody:nothing@127.0.0.1:9/none"


@pytest.mark.parametrize(
    ("server", "kind"), [("granian", signal.SIGINT), ("uvicorn", signal.SIGTERM)]
)
def test_the_api_answers_and_stops_in_time_on_each_server(
    novads: Novads, free_port: str, answered: Answered, server: str, kind: signal.Signals
) -> None:
    serving = novads.start("serve", port=free_port, server=server, database_url=NOWHERE)
    assert answered(f"http://127.0.0.1:{free_port}/health/live") == 200
    serving.send_signal(kind)
    assert serving.wait(timeout=PATIENCE_SECONDS) == 0  # 75: it had to be torn away after 4.5 s


def test_the_api_lives_without_a_database_and_stops_despite_open_connections(
    novads: Novads, free_port: str, answered: Answered
) -> None:
    serving = novads.start("serve", port=free_port, database_url=NOWHERE)
    assert answered(f"http://127.0.0.1:{free_port}/health/live") == 200
    assert answered(f"http://127.0.0.1:{free_port}/health/ready") == 503
    with socket.create_connection(("127.0.0.1", int(free_port))):
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(timeout=PATIENCE_SECONDS) in {0, 75}


def refused(*arguments: str, **settings: str) -> str:
    """Run a command that must not start, and give what it says."""
    environ = {f"NOVADS_{name.upper()}": value for name, value in settings.items()}
    result = CliRunner().invoke(main, arguments, env=environ)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    return result.output


@pytest.fixture(autouse=True)
def _keep_logging() -> Iterator[None]:
    """Undo what commands run in this process do to logging."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.mark.parametrize("arguments", [("serve",), ("serve", "--all"), ("demo",)])
def test_a_taken_port_is_said_with_the_way_to_choose_another(arguments: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(*arguments, port=port, database_url=NOWHERE, simulators="false")
    assert f"port {port}" in said
    assert "NOVADS_PORT=" in said


def test_a_wrong_setting_is_said_with_the_reason() -> None:
    said = refused("serve", port="eight", workers="0")
    assert "NOVADS_PORT: must be a whole number" in said
    assert "NOVADS_WORKERS: must be" in said


@pytest.mark.parametrize(
    "arguments", [("serve",), ("serve", "--all"), ("worker",), ("demo",), ("simulators",)]
)
def test_production_does_not_start_with_what_is_for_development(
    arguments: tuple[str, ...],
) -> None:
    said = refused(*arguments, env="production", development_sign_in="true", simulators="true")
    for variable in ("DATA_KEYS", "MATCH_KEY", "DEVELOPMENT_SIGN_IN", "SIMULATORS"):
        assert f"NOVADS_{variable}: " in said


@pytest.mark.parametrize("command", ["demo", "simulators"])
def test_production_runs_neither_demo_nor_simulators(command: str) -> None:
    key = base64.b64encode(b"k" * 32).decode()
    own = {"data_keys": f"1:{key}", "match_key": key, "receipt_key": key}
    said = refused(command, env="production", simulators="false", **own)
    assert "not run where NOVADS_ENV is production" in said


def test_an_unknown_setting_is_said_with_the_nearest_known_one(novads: Novads) -> None:
    said = novads.run("doctor", prot="1", database_url=NOWHERE)
    assert "NOVADS_PROT (did you mean NOVADS_PORT?)" in said.stderr
    assert "Traceback" not in said.stderr
