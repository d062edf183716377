"""The API descriptions: current, valid, and readable by generators of clients."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from backend.app.openapi_files import contract_files, stale_contract
from backend.app.openapi_texts import AUDIENCES
from backend.app.routes import Surface
from backend.kernel.problems import MEDIA_TYPE

PROJECT = Path(__file__).parents[2]
Specifications = Mapping[Surface, dict[str, Any]]
Operation = tuple[str, str, dict[str, Any]]
"""Path, method and description."""

UNION = ("oneOf", "anyOf")


def operations(specification: dict[str, Any]) -> Iterator[Operation]:
    """Walk the operations of a description."""
    for path, methods in specification["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def objects(node: object) -> Iterator[dict[str, Any]]:
    """Walk all JSON objects of a description."""
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from objects(child)


def test_the_committed_files_are_current() -> None:
    """`novads openapi` would write nothing new."""
    assert stale_contract(PROJECT) == []


def test_the_same_routes_give_the_same_bytes(files: Mapping[str, bytes]) -> None:
    """A second generation differs in nothing."""
    assert contract_files() == files


def test_no_file_is_left_of_an_audience_that_is_gone() -> None:
    """Each JSON file in openapi/ has an audience."""
    kept = {path.stem for path in (PROJECT / "openapi").glob("*.json")}
    assert kept == {surface.value for surface in Surface}


@pytest.mark.parametrize("surface", Surface)
def test_a_description_is_valid_openapi(surface: Surface, specifications: Specifications) -> None:
    """The validator of the standard finds nothing."""
    findings = OpenAPIV31SpecValidator(specifications[surface]).iter_errors()
    assert [finding.message for finding in findings] == []


def test_every_operation_says_what_it_does(specifications: Specifications) -> None:
    """Id, summary and tag are there; ids are unique and fit as names of functions."""
    for specification in specifications.values():
        ids = [operation["operationId"] for _, _, operation in operations(specification)]
        assert len(ids) == len(set(ids))
        for path, _, operation in operations(specification):
            assert re.fullmatch(r"[a-z][A-Za-z0-9]+", operation["operationId"])
            assert operation["summary"], path
            assert len(operation["tags"]) == 1


def test_every_operation_says_who_may_call_it(specifications: Specifications) -> None:
    """What needs a session documents 401 and 403."""
    for surface, specification in specifications.items():
        schemes = specification["components"]["securitySchemes"]
        assert set(schemes) == {AUDIENCES[surface].scheme}
        for path, _, operation in operations(specification):
            needs_session = operation["security"] and schemes.get("webhookSignature") is None
            assert not needs_session or {"401", "403"} <= set(operation["responses"]), path


def test_every_refusal_is_a_problem(specifications: Specifications) -> None:
    """4xx and 5xx are problem+json, and what is not listed has a default."""
    for specification in specifications.values():
        shared = specification["components"]["responses"]
        for path, _, operation in operations(specification):
            assert "default" in operation["responses"], path
            for status, given in operation["responses"].items():
                response = shared["OtherProblem"] if status == "default" else given
                if status >= "400":
                    assert list(response["content"]) == [MEDIA_TYPE], (path, status)


def test_every_post_with_a_principal_asks_for_an_idempotency_key(
    specifications: Specifications,
) -> None:
    """Required, with its bounds, on mobile, staff and partner; ingest is idempotent by event."""
    for surface in (Surface.MOBILE, Surface.STAFF, Surface.PARTNER):
        for path, method, operation in operations(specifications[surface]):
            keys = [
                given
                for given in operation.get("parameters", ())
                if given["name"] == "Idempotency-Key"
            ]
            assert len(keys) == (1 if method == "post" else 0), path
            for key in keys:
                assert key["required"] is True
                assert key["schema"] == {"maxLength": 128, "minLength": 16, "type": "string"}


def test_names_of_schemas_are_plain_and_each_is_described(specifications: Specifications) -> None:
    """No module's name in them: they become names of types in clients."""
    for specification in specifications.values():
        for name, schema in specification["components"]["schemas"].items():
            assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)
            assert schema.get("description"), name


def test_null_is_a_type_and_tagged_unions_have_a_discriminator(
    specifications: Specifications,
) -> None:
    """A union with null is one only where it refers to a schema."""
    for specification in specifications.values():
        for node in objects(specification):
            for union in UNION:
                members = node.get(union, ())
                others = [member for member in members if member != {"type": "null"}]
                assert len(members) != 1
                if len(members) > len(others) == 1:
                    assert "$ref" in others[0], node
                if len(others) > 1 and all("$ref" in member for member in others):
                    assert "discriminator" in node, node


def test_every_reference_leads_somewhere_and_no_schema_is_idle(
    specifications: Specifications,
) -> None:
    """The components are exactly what is referred to."""
    for specification in specifications.values():
        referred = {
            node["$ref"] for node in objects(specification) if isinstance(node.get("$ref"), str)
        }
        there = {
            f"#/components/{kind}/{name}"
            for kind in ("schemas", "responses")
            for name in specification["components"][kind]
        }
        assert referred <= there
        assert {name.rpartition("/")[2] for name in there - referred} <= {"OtherProblem"}
