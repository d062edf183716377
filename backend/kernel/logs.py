"""One-line structured logs on standard error, without personal data.

An event is a fixed text; what varies stands in fields with listed names. The text of an exception
is never written, because it may hold personal data: its type and its place in the code are. Of
libraries' own log lines the template and the place are written, not the values.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from uuid import UUID

import msgspec
from typing_extensions import override

from backend.kernel.settings.platform import LogFormat, Logs

FieldValue = str | int | float | bool | UUID | None

FIELDS = frozenset(
    {
        "address", "attempt", "attempts", "audience", "bytes", "campaign", "case", "channel",
        "chunk", "code", "command", "commit", "component", "count", "delay_seconds", "delivery",
        "duration_ms", "duration_seconds", "environment", "error", "event_id", "event_type",
        "exit_status", "expired", "failed", "file", "group", "handler", "import_id", "job",
        "lane", "level", "line", "location", "message_id", "method", "municipality", "name",
        "operation", "outbox_event", "pid", "port", "process", "provider", "purpose", "queue",
        "reason", "received", "recipients", "request_id", "resident", "retry_after_seconds",
        "role", "route", "rows", "sent", "server", "severity", "signal", "simulator", "source",
        "state", "status", "step", "tenants", "topic", "url", "variable", "version", "worker",
    }
)  # fmt: skip
"""Names a field may have; `resident` takes an id. A value under another name is not written."""

STACK_PLACES = 6
PACKAGES = ("backend", "notifications", "groups", "loyalty")
"""Whose lines are written from the chosen level on; libraries' from warnings on."""


class Logger:
    """Writes events; made by `logger`."""

    def __init__(self, target: logging.Logger) -> None:
        """Write through a standard logger."""
        self._target = target

    def debug(self, event: str, **fields: FieldValue) -> None:
        """Write what helps to follow one run."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: FieldValue) -> None:
        """Write that something happened as it should."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: FieldValue) -> None:
        """Write that something is degraded and goes on."""
        self._write(logging.WARNING, event, fields)

    def error(
        self, event: str, *, failure: BaseException | None = None, **fields: FieldValue
    ) -> None:
        """Write that something failed; of `failure` its type and place."""
        self._write(logging.ERROR, event, fields, failure)

    def _write(
        self,
        level: int,
        event: str,
        fields: Mapping[str, FieldValue],
        failure: BaseException | None = None,
    ) -> None:
        if self._target.isEnabledFor(level):
            self._target.log(level, "%s", event, extra={"event": event, "fields": fields,
                                                        "failure": failure})  # fmt: skip


def logger(name: str) -> Logger:
    """Make the logger of one part of the product, named as its module."""
    return Logger(logging.getLogger(name))  # noqa: TID251 - the one place that makes loggers


def configure_logs(logs: Logs, output: TextIO | None = None) -> None:
    """Send every log line of this process to `output` (standard error) in our form."""
    lines = logging.StreamHandler(output or sys.stderr)
    lines.setFormatter(LineFormatter(logs.format))
    root = logging.root
    root.handlers[:] = [lines]
    root.setLevel(logging.WARNING)
    for package in PACKAGES:
        logging.getLogger(package).setLevel(logs.level.upper())  # noqa: TID251 - sets the level


class LineFormatter(logging.Formatter):
    """Turns a record into one line of JSON or logfmt."""

    def __init__(self, form: LogFormat) -> None:
        """Write lines in this form."""
        super().__init__()
        self._form = form

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Write the record on one line."""
        content = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **_content(record),
        }
        if self._form is LogFormat.JSON:
            return msgspec.json.encode(content).decode()
        return " ".join(f"{name}={_quoted(value)}" for name, value in content.items())


def _content(record: logging.LogRecord) -> dict[str, FieldValue]:
    attributes = vars(record)
    event = attributes.get("event")
    if not isinstance(event, str):
        return _foreign(record)
    content: dict[str, FieldValue] = {"event": event}
    content.update(_listed(attributes["fields"]))
    content.update(_failure(attributes["failure"]))
    return content


def _foreign(record: logging.LogRecord) -> dict[str, FieldValue]:
    """Describe a library's line; a text without arguments may be a finished one, so it is left out."""
    content: dict[str, FieldValue] = {"event": "library"}
    if record.args:
        content["template"] = str(record.msg)
    content["location"] = f"{Path(record.pathname).name}:{record.lineno}"
    content.update(_failure(record.exc_info[1] if record.exc_info else None))
    return content


def _listed(fields: Mapping[str, FieldValue]) -> Iterator[tuple[str, FieldValue]]:
    withheld = sorted(name for name in fields if name not in FIELDS)
    yield from ((name, value) for name, value in fields.items() if name in FIELDS)
    if withheld:
        yield "withheld", ",".join(withheld)


def _failure(failure: BaseException | None) -> dict[str, FieldValue]:
    if failure is None:
        return {}
    frames = traceback.extract_tb(failure.__traceback__)[-STACK_PLACES:]
    places = (f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames)
    described: dict[str, FieldValue] = {
        "failure": f"{type(failure).__module__}.{type(failure).__qualname__}",
        "stack": " ".join(places),
    }
    if failure.__cause__ is not None:
        described["cause"] = type(failure.__cause__).__qualname__
    return described


def _quoted(value: FieldValue) -> str:
    text = str(value)
    needs_quotes = not text or any(letter in ' "=' or ord(letter) < 32 for letter in text)
    return msgspec.json.encode(text).decode() if needs_quotes else text
