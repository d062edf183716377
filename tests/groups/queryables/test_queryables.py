"""Communicators learn what rules may ask, from where it comes, and which values there are."""

import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import insert

from backend.kernel.db import Database
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from groups.language.attributes import RESIDENT
from groups.language.things import Purpose, Thing
from groups.registry.models import RegistryValue
from tests.drivers.people import ROPAZI, Caller, SignIn

SCHEMA = "https://json-schema.org/draft/2020-12/schema"
Json = dict[str, Any]
Known = Callable[..., Awaitable[None]]
"""Tells the registry's values: attribute, values, `municipality`, `withdrawn_on`."""


@pytest.fixture
def known(database: Database) -> Known:
    """Give the way to put values into the registry's lists."""

    async def put(
        attribute: str,
        *values: str,
        municipality: MunicipalityId = ROPAZI,
        withdrawn_on: date | None = None,
    ) -> None:
        rows = [
            {
                "municipality_id": municipality,
                "attribute": attribute,
                "value": value,
                "first_seen_on": date(2026, 1, 5),
                "withdrawn_on": withdrawn_on,
            }
            for value in values
        ]
        async with database.write([municipality]) as session:
            await session.execute(insert(RegistryValue), rows)

    return put


def walked(properties: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """List every property with its path."""
    for name, schema in properties.items():
        yield f"{at}/{name}", schema
        yield from walked(schema.get("properties", {}), f"{at}/{name}")


def named(thing: Thing, at: str = "") -> Iterator[str]:
    """List the paths of everything in the catalogue."""
    yield from (f"{at}/{each.name}" for each in thing.attributes)
    for relation in thing.relations:
        yield f"{at}/{relation.name}"
        yield from named(relation.target, f"{at}/{relation.name}")


async def test_the_document_is_a_json_schema_of_the_whole_catalogue(communicator: Caller) -> None:
    answer = await communicator.get("/queryables")
    assert answer.status_code == 200
    document = answer.json()
    assert not list(Draft202012Validator({"$ref": SCHEMA}).iter_errors(document))
    assert (document["$schema"], document["$id"]) == (SCHEMA, "/staff/v1/queryables")
    assert (document["type"], document["additionalProperties"]) == ("object", False)
    assert {path for path, _ in walked(document["properties"])} == set(named(RESIDENT))


async def test_everything_says_whence_it_is_and_what_it_may_be_used_for(
    communicator: Caller,
) -> None:
    document = (await communicator.get("/queryables")).json()
    for path, schema in walked(document["properties"]):
        assert schema["title"] == schema["x-titles"]["lv"], path
        assert schema["x-titles"]["en"], path
        assert schema["x-register"]["title"]["lv"], path
        assert schema["x-legal-basis"]["en"].startswith("GDPR Article"), path
        assert schema["x-sensitivity"] in {"public", "personal", "special"}, path
        assert schema["x-purposes"], path


async def test_a_property_tells_its_type_values_and_operators(communicator: Caller) -> None:
    properties = (await communicator.get("/queryables")).json()["properties"]
    age, street, sex = properties["age"], properties["street"], properties["sex"]
    assert (age["type"], age["minimum"], age["maximum"]) == ("integer", 0, 150)
    assert age["x-unit"] == {"lv": "gadi", "en": "years"}
    assert age["x-operators"] == ["=", "<>", "<", "<=", ">", ">=", "between", "in", "isNull"]
    assert street["x-lookup"] == "/staff/v1/queryables/street/values"
    assert street["x-functions"] == ["casei"]
    assert sex["enum"] == ["female", "male"]
    assert sex["x-enum-titles"]["female"] == {"lv": "sieviete", "en": "female"}
    assert properties["birth_date"]["format"] == "date"
    assert re.fullmatch(properties["postcode"]["pattern"], "LV-2130")
    assert properties["channels"]["items"]["enum"] == ["push", "web_push", "email", "sms"]
    assert properties["location"]["format"] == "geometry-point"
    children = properties["children"]
    assert (children["type"], children["x-functions"]) == ("object", ["any", "count"])
    assert children["properties"]["institutions"]["properties"]["kind"]["enum"]


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_purpose_shows_only_what_it_allows(communicator: Caller, purpose: Purpose) -> None:
    document = (await communicator.get("/queryables", purpose=purpose)).json()
    assert document["$id"] == f"/staff/v1/queryables?purpose={purpose}"
    shown = dict(walked(document["properties"]))
    assert all(purpose in schema["x-purposes"] for schema in shown.values())
    assert ("/social_statuses" in shown) == (purpose is Purpose.SOCIAL_SUPPORT)
    assert ("/pets" in shown) == (purpose is not Purpose.EDUCATION)


async def test_values_are_those_that_the_registry_holds_here_and_now(
    communicator: Caller, known: Known
) -> None:
    await known("street", "Institūta iela", "Vālodzes")
    await known("street", "Vecā iela", withdrawn_on=date(2026, 5, 1))
    await known("street", "Lielā iela", municipality=MunicipalityId(9000))
    await known("parish", "Stopiņu pagasts")
    answer = await communicator.get("/queryables/street/values")
    assert answer.json() == {"values": ["Institūta iela", "Vālodzes"]}


async def test_values_are_found_by_any_part_and_those_that_begin_with_it_come_first(
    communicator: Caller, known: Known
) -> None:
    await known("street", "Ābeļu iela", "Iela 5", "Lielā ābele", "100% iela", "a_b")
    found = [
        (await communicator.get("/queryables/street/values", q=part)).json()["values"]
        for part in ("ĀBEĻ", "ābel", "iel", "%", "_")
    ]
    assert found == [
        ["Ābeļu iela"],
        ["Lielā ābele"],
        ["Iela 5", "100% iela", "Ābeļu iela", "Lielā ābele"],
        ["100% iela"],
        ["a_b"],
    ]


async def test_no_more_values_come_than_are_asked_for(communicator: Caller, known: Known) -> None:
    await known("interests", *(f"word-{number:03}" for number in range(120)))
    few = await communicator.get("/queryables/interests/values", limit=3)
    most = await communicator.get("/queryables/interests/values", limit=100)
    assert few.json()["values"] == ["word-000", "word-001", "word-002"]
    assert len(most.json()["values"]) == 100
    too_many = await communicator.get("/queryables/interests/values", limit=101)
    assert too_many.status_code == 400


async def test_special_values_are_read_only_for_social_support(
    communicator: Caller, known: Known
) -> None:
    await known("social_statuses", "low_income")
    path = "/queryables/social_statuses/values"
    refused = [await communicator.get(path), await communicator.get(path, purpose="information")]
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (403, "lookup_outside_purpose")
    allowed = await communicator.get(path, purpose="social_support")
    assert allowed.json() == {"values": ["low_income"]}


@pytest.mark.parametrize("lookup", ["sex", "nothing", "personal_code"])
async def test_a_list_that_there_is_not_is_not_found(communicator: Caller, lookup: str) -> None:
    answer = await communicator.get(f"/queryables/{lookup}/values")
    assert (answer.status_code, answer.json()["code"]) == (404, "lookup_not_found")


async def test_an_unknown_purpose_is_refused(communicator: Caller) -> None:
    answer = await communicator.get("/queryables", purpose="curiosity")
    assert answer.status_code == 400


@pytest.mark.parametrize("roles", [[], ["approver", "official", "registrar", "administrator"]])
async def test_only_a_communicator_may_see_what_rules_ask(
    sign_in: SignIn, roles: list[str]
) -> None:
    other = await sign_in(PrincipalKind.STAFF, roles)
    answers = [await other.get("/queryables"), await other.get("/queryables/parish/values")]
    assert [answer.status_code for answer in answers] == [403, 403]


async def test_a_resident_may_not_see_what_rules_ask(sign_in: SignIn) -> None:
    resident = await sign_in(PrincipalKind.RESIDENT)
    answers = [
        await resident.get("/staff/v1/queryables"),
        await resident.get("/staff/v1/queryables/parish/values"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
