"""A resident sees their own profile, masked where it need not be shown, and chooses a language."""

import pytest
from sqlalchemy import update

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.tenancy import MunicipalityId
from backend.residents.models import Resident
from backend.residents.profile.rules import masked_email, masked_phone
from tests.drivers.people import Register, SignedIn

HERE = (MunicipalityId(44000),)


async def test_the_profile_shows_names_and_masks_contact_points(
    register: Register, signed_in: SignedIn
) -> None:
    contacts = (("email", "janis@example.lv"), ("sms", "+37120000012"))
    resident_id = await register(contacts=contacts)
    resident = await signed_in(resident_id)
    profile = (await resident.call("GET", "/me")).json()
    assert profile["residentId"] == str(resident_id)
    assert (profile["givenName"], profile["familyName"]) == ("Anna", "Paraugs")
    assert profile["municipality"] == {
        "code": "LV0044000",
        "name": {"lv": "Ropažu novads", "en": "Ropaži Municipality"},
    }
    assert [point["masked"] for point in profile["contactPoints"]] == [
        "j•••@example.lv",
        "+371 ••••••12",
    ]


async def test_a_chosen_language_stays_the_residents_own(
    register: Register, signed_in: SignedIn
) -> None:
    resident = await signed_in(await register())
    assert (await resident.call("GET", "/me")).json()["languageSource"] == "registry"
    chosen = await resident.call("PUT", "/me/language", {"language": "en"})
    assert (chosen.json()["language"], chosen.json()["languageSource"]) == ("en", "resident")
    assert (await resident.call("GET", "/me")).json() == chosen.json()


@pytest.mark.parametrize("body", [{"language": "xx"}, {"language": "en", "also": 1}, {}], ids=str)
async def test_a_language_of_another_form_is_refused(
    register: Register, signed_in: SignedIn, body: dict[str, object]
) -> None:
    resident = await signed_in(await register())
    answer = await resident.call("PUT", "/me/language", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_a_resident_closed_after_signing_in_has_no_profile(
    register: Register, signed_in: SignedIn, database: Database, clock: Clock
) -> None:
    resident_id = await register()
    resident = await signed_in(resident_id)
    async with database.write(HERE) as session:
        await session.execute(
            update(Resident).where(Resident.id == resident_id).values(closed_at=clock())
        )
    for method, path, body in (("GET", "/me", None), ("PUT", "/me/language", {"language": "en"})):
        answer = await resident.call(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "profile_not_found")


def test_a_mask_keeps_two_digits_of_a_number_and_one_letter_of_a_name() -> None:
    assert masked_phone("+37120000034") == "+371 ••••••34"
    assert masked_email("a@example.lv") == masked_email("anna.long@example.lv") == "a•••@example.lv"
