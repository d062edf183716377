"""Synthetic feeds: the same for the same seed, plainly synthetic, and taken without a fault."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from backend.kernel.territories.register import register
from groups.public import FeedRefused, generate_feed
from groups.registry.generator.people import check_digit
from tests.groups.registry.driver import Registry

TODAY = date(2026, 11, 20)


def rows_of(directory: Path, file: str) -> list[dict[str, str]]:
    """Read one file of a feed."""
    with (directory / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a feed of 3,000 residents of Ropaži."""
    out = tmp_path_factory.mktemp("feed")
    generate_feed("LV0044000", 3_000, 1, out, today=TODAY)
    return out


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        generate_feed("LV0044000", 200, seed, tmp_path / name, today=TODAY)
    one, same, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "same", "other")
    )
    assert one == same
    assert one["residents.csv"] != other["residents.csv"]


def test_there_are_as_many_residents_as_asked_for(feed: Path) -> None:
    codes = [row["personal_code"].replace("-", "") for row in rows_of(feed, "residents.csv")]
    assert len(codes) == len(set(codes)) == 3_000


def test_no_personal_code_can_be_a_real_one(feed: Path) -> None:
    for row in rows_of(feed, "residents.csv"):
        for code in filter(None, (row["personal_code"], row["former_codes"])):
            digits = code.replace("-", "")
            if digits.startswith("39"):
                continue
            assert int(digits[-1]) != check_digit(digits[:-1])


def test_no_address_of_mail_exists(feed: Path) -> None:
    contacts = rows_of(feed, "contacts.csv")
    assert all(row["value"].endswith(".invalid") for row in contacts if row["kind"] == "email")
    values = [row["value"] for row in contacts]
    assert len(values) == len(set(values))


def test_most_live_in_the_largest_parish_and_everyone_within_the_municipality(feed: Path) -> None:
    places = rows_of(feed, "addresses.csv")
    parishes = Counter(row["parish"] for row in places)
    assert parishes.most_common(1)[0][0] == "Stopiņu pagasts"
    assert set(parishes) == {
        "Stopiņu pagasts",
        "Garkalnes pagasts",
        "Ropažu pagasts",
        "Vangažu pilsēta",
    }
    assert all(56.8 < float(row["latitude"]) < 57.2 for row in places)
    assert all(24.2 < float(row["longitude"]) < 24.8 for row in places)
    named = [tuple(row.values())[1:6] for row in places]
    assert len(named) == len(set(named))


def test_ages_families_and_names_look_like_a_town(feed: Path) -> None:
    people = {row["personal_code"]: row for row in rows_of(feed, "residents.csv")}
    born = {code: date.fromisoformat(row["birth_on"]) for code, row in people.items()}
    children = sum((TODAY - day).days < 18 * 365 for day in born.values()) / len(people)
    old = sum((TODAY - day).days > 65 * 365 for day in born.values()) / len(people)
    assert 0.15 < children < 0.32
    assert 0.12 < old < 0.28
    for pair in rows_of(feed, "children.csv"):
        guardian, child = pair["guardian_code"], pair["child_code"]
        assert (born[child] - born[guardian]).days > 17 * 365
        assert people[guardian]["household_ref"] == people[child]["household_ref"]
    assert any("ķ" in row["given_name"] + row["family_name"].lower() for row in people.values())
    assert {"lv", "ru", "uk", "en"} == {row["language"] for row in people.values()}


async def test_a_generated_feed_is_taken_without_a_fault(feed: Path, registry: Registry) -> None:
    registry.directory = feed
    summary = await registry.load()
    assert (summary.rejected, registry.report()) == (0, [])
    assert summary.files["residents.csv"].landed == 3_000
    (preschoolers,) = await registry.select(
        "SELECT count(DISTINCT g.guardian_id) FROM guardianship g"
        " JOIN resident_fact f ON f.resident_id = g.child_id"
        " JOIN resident_fact p ON p.resident_id = g.guardian_id"
        " JOIN address a ON a.id = p.address_id WHERE a.parish = 'Stopiņu pagasts'"
        " AND f.birth_on BETWEEN '2019-11-21' AND '2023-11-20'"
    )
    assert preschoolers[0] in range(20, 400)


@pytest.mark.parametrize("code", [c for c, t in register().items() if t.valid_until is None])
def test_every_municipality_in_force_can_be_generated(code: str, tmp_path: Path) -> None:
    assert generate_feed(code, 30, 1, tmp_path, today=TODAY).rows["residents.csv"] == 30


def test_a_municipality_that_ended_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedRefused):
        generate_feed("LV0055000", 10, 1, tmp_path, today=TODAY)
