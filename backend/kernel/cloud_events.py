"""CloudEvents 1.0 in structured JSON: reading, with faults told as JSON Pointers.

Source: CloudEvents 1.0.2, "JSON Event Format" and "HTTP Protocol Binding", section 3.2.
"""

import re
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from backend.kernel.errors import Fault, InvalidInput
from backend.kernel.patterns import WORD

T = TypeVar("T")
MEDIA_TYPES = frozenset({"application/cloudevents+json", "application/json"})
LOCATION = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)
NAMED_FIELD = re.compile(
    r"^Object (?:missing required|contains unknown) field `(?P<name>.*)`$", re.DOTALL
)

SourceUri = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=256,
        pattern=WORD,
        description="Who tells events: a URI-reference.",
        examples=["https://records.example/cases"],
    ),
]


class Origin(Struct, frozen=True):
    """The one attribute that must be read before the signature can be checked."""

    source: SourceUri


def source_of(body: bytes) -> str:
    """Tell which source an event claims to come from.

    Raises:
        InvalidInput: the body is not a JSON object with a textual `source`.
    """
    return read(body, Origin).source


def read(body: bytes, form: type[T]) -> T:
    """Read an event of the given form.

    Raises:
        InvalidInput: it does not have the form; the fault points at the place.
    """
    try:
        return msgspec.json.decode(body, type=form)
    except msgspec.ValidationError as error:
        raise InvalidInput(faults=(fault_of(str(error)),)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        fault = Fault("", "malformed_json", "The body is not JSON in UTF-8, or nested too deep")
        raise InvalidInput(faults=(fault,)) from error


def fault_of(finding: str) -> Fault:
    """Turn the decoder's finding into a fault with an RFC 6901 pointer.

    A missing or unknown field is pointed at itself, not at the object around it.
    """
    match = LOCATION.match(finding)
    what, path = (match["what"], match["path"] or "") if match else (finding, "")
    parts = re.findall(r"[^.\[\]]+", path)
    code = "invalid_value"
    if field := NAMED_FIELD.match(what):
        parts.append(field["name"])
        code = "missing_field" if what.startswith("Object missing") else "unknown_field"
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in parts)
    return Fault("".join(f"/{part}" for part in escaped), code, what)
