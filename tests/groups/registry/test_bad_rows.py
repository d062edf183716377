"""Every bad row is named by file, line, column and reason, and stops no other."""

import os

import pytest

from tests.groups.registry.driver import CHILD, FATHER, MOTHER, Registry, small_feed

CELLS = [
    ("addresses.csv", "ref", "", "required"),
    ("addresses.csv", "ref", "A 1", "ref_form"),
    ("addresses.csv", "parish", "", "required"),
    ("addresses.csv", "parish", "ā" * 201, "text_length"),
    ("addresses.csv", "postcode", "2130", "postcode_form"),
    ("addresses.csv", "latitude", "north", "number_form"),
    ("addresses.csv", "latitude", "24.302", "outside_latvia"),
    ("addresses.csv", "longitude", "", "coordinate_alone"),
    ("addresses.csv", "latitude", "", "coordinate_alone"),
    ("households.csv", "address_ref", "A9", "address_unknown"),
    ("institutions.csv", "kind", "bakery", "not_listed"),
    ("institutions.csv", "address_ref", "A9", "address_unknown"),
    ("residents.csv", "personal_code", "123", "code_form"),
    ("residents.csv", "personal_code", "31993456789", "code_form"),
    ("residents.csv", "former_codes", "32123456789|x", "code_form"),
    ("residents.csv", "former_codes", "|".join(["32123456789"] * 33), "codes_count"),
    ("residents.csv", "given_name", "  ", "required"),
    ("residents.csv", "given_name", "A\0B", "control_character"),
    ("residents.csv", "given_name", "A\x1fB", "control_character"),
    ("residents.csv", "family_name", "x" * 16_000, "row_length"),
    ("residents.csv", "birth_on", "01.01.1990", "date_form"),
    ("residents.csv", "birth_on", "1990-02-30", "date_form"),
    ("residents.csv", "birth_on", "2026-11-21", "date_future"),
    ("residents.csv", "birth_on", "1879-12-31", "date_ancient"),
    ("residents.csv", "sex", "f", "not_listed"),
    ("residents.csv", "citizenship", "LVA", "country_form"),
    ("residents.csv", "language", "latvian", "language_form"),
    ("residents.csv", "address_ref", "A9", "address_unknown"),
    ("residents.csv", "household_ref", "H9", "household_unknown"),
    ("residents.csv", "interests", "Kultūra", "tags_form"),
    ("children.csv", "guardian_code", "32999999999", "resident_unknown"),
    ("children.csv", "child_code", "32999999999", "resident_unknown"),
    ("children.csv", "guardian_code", CHILD, "guardian_is_child"),
    ("attendance.csv", "institution_ref", "S9", "institution_unknown"),
    ("attendance.csv", "personal_code", "32999999999", "resident_unknown"),
    ("pets.csv", "species", "dragon", "not_listed"),
    ("pets.csv", "owner_code", "32999999999", "resident_unknown"),
    ("properties.csv", "kind", "castle", "not_listed"),
    ("properties.csv", "owner_code", "x", "code_form"),
    ("properties.csv", "address_ref", "A9", "address_unknown"),
    ("properties.csv", "ref", "", "required"),
    ("residents.csv", "residence", "abroad", "not_listed"),
    ("residents.csv", "declared_since", "2026-11-21", "date_future"),
    ("vehicles.csv", "kind", "tank", "not_listed"),
    ("vehicles.csv", "fuel", "water", "not_listed"),
    ("vehicles.csv", "owner_code", "32999999999", "resident_unknown"),
    ("former_addresses.csv", "until", "2009-12-31", "until_before_since"),
    ("former_addresses.csv", "since", "1879-12-31", "date_ancient"),
    ("former_addresses.csv", "address_ref", "A9", "address_unknown"),
    ("former_addresses.csv", "personal_code", "32999999999", "resident_unknown"),
    ("contacts.csv", "kind", "fax", "not_listed"),
    ("contacts.csv", "value", "ilze@paraugi", "email_form"),
    ("contacts.csv", "personal_code", "32999999999", "resident_unknown"),
    ("preferences.csv", "channels", "pigeon", "not_listed"),
    ("preferences.csv", "channels", "sms|sms", "not_listed"),
    ("preferences.csv", "topic", "Viss", "topic_form"),
    ("preferences.csv", "personal_code", "32999999999", "resident_unknown"),
]
KEYLESS = ("contacts", "preferences", "properties")
"""Of the other files, those in which a cell of the key cannot be read."""
OF_THE_ROW = {"control_character", "row_length"}


async def test_every_kind_of_bad_cell_is_reported_where_it_stands(registry: Registry) -> None:
    expected: list[tuple[str, int, str, str]] = []
    for number, (file, column, value, code) in enumerate(CELLS):
        row = dict(registry.files[file][0])
        if "ref" in row:
            row["ref"] = f"X{number}"
        if file == "residents.csv":
            row["personal_code"] = f"32{number:09d}"
        registry.files[file].append(row | {column: value})
        line = len(registry.files[file]) + 1
        expected.append((file, line, "" if code in OF_THE_ROW else column, code))
    summary = await registry.deliver()
    # Their rows without a readable key may stand for anything that is missing.
    expected += [(file, 1, "", "closings_skipped") for file in ("addresses.csv", "residents.csv")]
    expected += [(f"{file}.csv", 1, "", "closings_skipped") for file in KEYLESS]
    assert sorted(registry.report()) == sorted(expected)
    assert summary.rejected == len(CELLS)
    assert all(each.read == each.landed + each.rejected for each in summary.files.values())
    assert summary.landed == sum(len(rows) for rows in small_feed().values())


@pytest.mark.parametrize(
    ("number", "code"), [("+37167000000", "phone_not_mobile"), ("20000001", "phone_form")]
)
async def test_sms_goes_to_latvian_mobile_numbers_only(
    registry: Registry, number: str, code: str
) -> None:
    registry.files["contacts.csv"][1]["value"] = number
    await registry.deliver()
    assert registry.report() == [("contacts.csv", 3, "value", code)]


async def test_all_faults_of_a_row_are_told_but_the_row_counts_once(registry: Registry) -> None:
    registry.person(FATHER).update(birth_on="x", sex="y", given_name="")
    summary = await registry.deliver()
    told = [fault for fault in registry.report() if fault[0] == "residents.csv"]
    assert {fault[2] for fault in told} == {"birth_on", "sex", "given_name"}
    assert {fault[1] for fault in told} == {3}
    assert summary.files["residents.csv"].rejected == 1


REPEATED = [
    ("addresses.csv", "ref"),
    ("households.csv", "ref"),
    ("institutions.csv", "ref"),
    ("residents.csv", "personal_code"),
    ("children.csv", "child_code"),
    ("attendance.csv", "institution_ref"),
    ("pets.csv", "ref"),
    ("properties.csv", "ref"),
    ("vehicles.csv", "ref"),
    ("former_addresses.csv", "address_ref"),
    ("contacts.csv", "value"),
    ("preferences.csv", "topic"),
]


async def test_what_was_named_before_is_rejected_where_it_comes_again(registry: Registry) -> None:
    expected: list[tuple[str, int, str, str]] = []
    for file, column in REPEATED:
        registry.files[file].append(dict(registry.files[file][0]))
        expected.append((file, len(registry.files[file]) + 1, column, "repeated"))
    await registry.deliver()
    assert registry.report() == expected


async def test_codes_of_two_people_on_one_row_are_rejected(registry: Registry) -> None:
    await registry.deliver()
    registry.person(MOTHER)["former_codes"] = "32000000009"
    registry.person(FATHER)["personal_code"] = "32000000009"
    await registry.deliver()
    registry.files["residents.csv"].pop(1)
    registry.person(MOTHER)["former_codes"] = FATHER
    await registry.deliver()
    assert ("residents.csv", 2, "personal_code", "codes_of_two_people") in registry.report()


async def test_a_person_whose_row_is_bad_stays_as_they_were(registry: Registry) -> None:
    await registry.deliver()
    before = await registry.everything()
    registry.person(MOTHER).update(birth_on="unknown", family_name="Jauna")
    summary = await registry.deliver()
    assert await registry.everything() == before
    assert registry.report() == [("residents.csv", 2, "birth_on", "date_form")]
    assert summary.files["residents.csv"].closed == 0


async def test_a_person_whose_household_is_unknown_stays_as_they_were(registry: Registry) -> None:
    await registry.deliver()
    before = await registry.everything()
    registry.person(MOTHER).update(household_ref="H9", language="ru")
    await registry.deliver()
    assert await registry.everything() == before


async def test_unknown_columns_and_files_are_told_and_the_rest_lands(registry: Registry) -> None:
    for row in registry.files["pets.csv"]:
        row["=colour"] = "brown"
    registry.write()
    (registry.directory / "cars.csv").write_text("ref\n1\n")
    summary = await registry.load()
    assert registry.report() == [
        ("cars.csv", 1, "", "file_unknown"),
        ("pets.csv", 1, "'=colour", "column_unknown"),
    ]
    assert (summary.rejected, summary.refused) == (0, ())


async def test_a_file_without_a_required_column_is_not_taken_but_the_others_are(
    registry: Registry,
) -> None:
    await registry.deliver()
    before = await registry.everything()
    (registry.directory / "pets.csv").write_text("ref,species\nM2,cat\n")
    summary = await registry.load()
    assert registry.report() == [("pets.csv", 1, "owner_code", "column_missing")]
    assert summary.refused == ("pets.csv",)
    assert await registry.everything() == before


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ("pets.csv", 1, "", "header_missing")),
        ("M1,32000000001,dog\n", ("pets.csv", 1, "", "header_missing")),
        ("ref,ref,owner_code,species\n", ("pets.csv", 1, "ref", "column_repeated")),
        ('ref,"owner_code,species\n', ("pets.csv", 1, "", "quotes_broken")),
    ],
)
async def test_a_file_without_a_usable_header_is_not_taken(
    registry: Registry, text: str, fault: tuple[str, int, str, str]
) -> None:
    registry.write()
    (registry.directory / "pets.csv").write_text(text)
    summary = await registry.load()
    assert registry.report()[0] == fault
    assert summary.refused == ("pets.csv",)


async def test_lines_are_counted_across_line_breaks_inside_quotation_marks(
    registry: Registry,
) -> None:
    registry.write()
    (registry.directory / "institutions.csv").write_text(
        'kind,ref,name\nschool,S1,"Ulbrokas\nvidusskola"\n\nbakery,S2,x\nschool,S3\n'
        'school,S4,"never closed\nschool,S5,y\n'
    )
    summary = await registry.load()
    told = [fault for fault in registry.report() if fault[0] == "institutions.csv"]
    assert told == [
        ("institutions.csv", 5, "kind", "not_listed"),
        ("institutions.csv", 6, "", "cells_count"),
        ("institutions.csv", 7, "", "quotes_broken"),
        ("institutions.csv", 1, "", "closings_skipped"),
    ]
    rows = await registry.select("SELECT ref FROM institution ORDER BY ref")
    assert rows == [("S1",), ("S5",)]
    counts = summary.files["institutions.csv"]
    assert (counts.read, counts.landed, counts.rejected) == (5, 2, 3)


async def test_bytes_that_are_not_utf8_cost_their_row_only(registry: Registry) -> None:
    registry.write()
    header = b"ref,kind,name\n"
    rows = "S1,school,Ādažu\n".encode("cp1257") + "S2,school,Ķekavas\n".encode()
    (registry.directory / "institutions.csv").write_bytes(header + rows)
    await registry.load()
    assert ("institutions.csv", 2, "", "not_utf8") in registry.report()
    assert await registry.select("SELECT name FROM institution") == [("Ķekavas",)]


async def test_names_in_the_feed_are_no_formulas_and_break_no_report(registry: Registry) -> None:
    registry.write()
    for name in ("=1+1.csv", os.fsdecode(b"\xff.csv"), "＠x.csv", "-" * 200):
        (registry.directory / name).write_text("")
    await registry.load()
    told = sorted(fault[0] for fault in registry.report())
    assert told == sorted(["'=1+1.csv", "?.csv", "'＠x.csv", "'" + "-" * 64])


async def test_a_file_that_begins_with_a_person_does_not_put_them_into_the_report(
    registry: Registry,
) -> None:
    registry.write()
    path = registry.directory / "residents.csv"
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    await registry.load()
    text = registry.report_path.read_text(encoding="utf-8-sig")
    assert "Ilze" not in text
    assert MOTHER not in text


async def test_the_report_repeats_no_value_of_the_feed(registry: Registry) -> None:
    registry.person(MOTHER).update(given_name="Slepena" * 40, birth_on="slepens")
    registry.files["contacts.csv"][0]["value"] = "slepens@"
    await registry.deliver()
    assert "slepen" not in registry.report_path.read_text(encoding="utf-8-sig").lower()
