"""What a log line holds, and what it never holds."""

import ast
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.kernel.logs import FIELDS, PACKAGES, configure_logs, logger
from backend.kernel.settings import load_settings

PERSON = "Testa Persona"
ROOT = Path(__file__).parents[2]


Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def written() -> Iterator[Callable[..., io.StringIO]]:
    """Give a function that sends the log of this test into a text, as settings say."""
    handlers, level = logging.root.handlers[:], logging.root.level
    packages = {name: logging.getLogger(name).level for name in PACKAGES}  # noqa: TID251 - what configure_logs touches

    def configure(**environ: str) -> io.StringIO:
        output = io.StringIO()
        configure_logs(load_settings(environ).logs, output)
        return output

    yield configure
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    for name, package_level in packages.items():
        logging.getLogger(name).setLevel(package_level)  # noqa: TID251 - what configure_logs touches


@pytest.fixture
def lines(written: Callable[..., io.StringIO]) -> Lines:
    """Log as JSON for one test, and give a function that reads the lines."""
    output = written(NOVADS_LOG_FORMAT="json")
    return lambda: [json.loads(line) for line in output.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_fields(
    lines: Lines,
) -> None:
    logger("backend.test").info("chunk_sent", count=5, channel="sms")
    (line,) = lines()
    assert (line["event"], line["count"], line["channel"]) == ("chunk_sent", 5, "sms")
    assert (line["level"], line["logger"]) == ("info", "backend.test")


def test_a_field_without_a_listed_name_is_withheld_and_said(
    lines: Lines,
) -> None:
    logger("backend.test").info("signed_in", given_name=PERSON)
    (line,) = lines()
    assert PERSON not in json.dumps(line)
    assert line["withheld"] == "given_name"


def test_a_failure_tells_type_and_place_but_not_its_text(
    lines: Lines,
) -> None:
    try:
        int(PERSON)
    except ValueError as error:
        logger("backend.test").error("job_failed", failure=error)
    (line,) = lines()
    assert line["failure"] == "builtins.ValueError"
    assert "test_logs.py" in str(line["stack"])
    assert PERSON not in json.dumps(line)


def test_a_librarys_line_tells_template_and_place_but_no_value(
    lines: Lines,
) -> None:
    library = logging.getLogger("some.library")  # noqa: TID251 - plays a library
    library.warning("no mailbox for %s", PERSON)
    library.warning(f"no mailbox for {PERSON}")
    library.info("not written below warning")
    first, second = lines()
    assert first["template"] == "no mailbox for %s"
    assert "template" not in second
    assert PERSON not in json.dumps([first, second])


def test_a_text_with_line_breaks_stays_on_one_line(written: Callable[..., io.StringIO]) -> None:
    output = written(NOVADS_LOG_FORMAT="logfmt")
    logger("backend.test").warning("odd_name", name="two\nlines = odd")
    (line,) = output.getvalue().splitlines()
    assert 'name="two\\nlines = odd"' in line


def test_lines_below_the_chosen_level_are_left_out(written: Callable[..., io.StringIO]) -> None:
    output = written(NOVADS_LOG_LEVEL="error")
    logger("notifications.test").warning("degraded")
    logger("notifications.test").error("failed")
    (line,) = output.getvalue().splitlines()
    assert "event=failed" in line


def test_every_field_that_the_code_logs_has_a_listed_name() -> None:
    unlisted = [
        f"{path.relative_to(ROOT)}:{call.lineno} {keyword.arg}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for call in logging_calls(ast.parse(path.read_text(encoding="utf-8")))
        for keyword in call.keywords
        if keyword.arg not in FIELDS | {"failure"}
    ]
    assert unlisted == []


def logging_calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Find the calls of methods of loggers, named `log` or `LOG` throughout the code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = node.func.value
            if isinstance(target, ast.Name) and target.id in {"log", "LOG"}:
                yield node
