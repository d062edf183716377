"""The form of a status event: what is read from it, and where its faults are pointed at."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.kernel.cloud_events import source_of
from backend.kernel.errors import InvalidInput
from backend.service_cases.event_schemas import read_status_event
from tests.service_cases.town import status_event

UNHURRIED = settings(deadline=None)
"""The cores are shared: how long one example takes says nothing."""


def without(event: dict[str, Any], *path: str) -> dict[str, Any]:
    """Leave one field of an event out."""
    name, *deeper = path
    rest = {key: value for key, value in event.items() if key != name}
    return rest | ({name: without(event[name], *deeper)} if deeper else {})


MALFORMED: list[tuple[dict[str, Any], str, str]] = [
    (status_event(1) | {"specversion": "0.3"}, "/specversion", "invalid_value"),
    (status_event(1) | {"type": "lv.novads.other.v1"}, "/type", "invalid_value"),
    (without(status_event(1), "id"), "/id", "missing_field"),
    (without(status_event(1), "source"), "/source", "missing_field"),
    (without(status_event(1), "data", "caseNumber"), "/data/caseNumber", "missing_field"),
    (without(status_event(1), "data", "sequence"), "/data/sequence", "missing_field"),
    (without(status_event(1), "data", "stepTitle", "en"), "/data/stepTitle/en", "missing_field"),
    (status_event(1, "lost"), "/data/stage", "invalid_value"),
    (status_event(1, changes={"colour": "red"}), "/data/colour", "unknown_field"),
    (status_event(1, changes={"a/b~c": 1}), "/data/a~1b~0c", "unknown_field"),
    (status_event(1, changes={"status": "nul\x00"}), "/data/status", "invalid_value"),
    (status_event(1, case="P-1\n", event_id="e1"), "/data/caseNumber", "invalid_value"),
    (status_event(1, event_id="event-1\n"), "/id", "invalid_value"),
    (
        status_event(1, changes={"occurredAt": "2026-11-20T09:00:00"}),
        "/data/occurredAt",
        "invalid_value",
    ),
    (
        status_event(1, changes={"occurredAt": "0001-01-01T00:00:00+14:00"}),
        "/data/occurredAt",
        "invalid_value",
    ),
    (status_event(-1), "/data/sequence", "invalid_value"),
    (status_event(1) | {"sequence": "2"}, "/sequence", "invalid_value"),
    (
        without(status_event(1), "data", "sequence") | {"sequence": "x"},
        "/sequence",
        "invalid_value",
    ),
    (status_event(1, code="123"), "/data/person/personalCode", "invalid_value"),
    (status_event(1, changes={"person": {}}), "/data/person", "invalid_value"),
]


@pytest.mark.parametrize(("event", "pointer", "code"), MALFORMED)
def test_a_fault_is_pointed_at(event: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_status_event(msgspec.json.encode(event))
    (fault,) = refused.value.faults
    assert (fault.pointer, fault.code) == (pointer, code)


@pytest.mark.parametrize("sequence", ["7", 7])
def test_the_sequence_may_stand_in_the_cloud_event_alone(sequence: str | int) -> None:
    event = without(status_event(1), "data", "sequence") | {"sequence": sequence}
    body = msgspec.json.encode(event | {"sequencetype": "Integer"})
    assert read_status_event(body).sequence == 7


def test_an_attribute_that_is_null_counts_as_left_out() -> None:
    event = status_event(1) | {"datacontenttype": None, "sequence": None, "dataschema": None}
    assert read_status_event(msgspec.json.encode(event)).sequence == 1


@UNHURRIED
@given(st.binary(max_size=200))
def test_no_body_however_odd_is_anything_but_refused(body: bytes) -> None:
    for reading in (source_of, read_status_event):
        with pytest.raises(InvalidInput):
            reading(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def fault_pointers(event: dict[str, Any]) -> list[str]:
    """List where an event's faults are; none if it can be read."""
    try:
        read_status_event(msgspec.json.encode(event))
    except InvalidInput as error:
        return [fault.pointer for fault in error.faults]
    return []


@UNHURRIED
@given(st.sampled_from(sorted(status_event(1)["data"])), JSON)
def test_any_value_in_any_field_is_read_or_refused_and_never_an_error(
    field: str, value: object
) -> None:
    assert all(
        pointer.startswith(f"/data/{field}")
        for pointer in fault_pointers(status_event(1, changes={field: value}))
    )
