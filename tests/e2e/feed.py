"""A registry feed read by the tests themselves: who is to get a message, by the CSV alone."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass
class Person:
    """One row of the residents, with what the other files say of them."""

    code: str
    given_name: str
    family_name: str
    language: str
    born: date
    parish: str
    contacts: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    children: list["Person"] = field(default_factory=list)

    def accepts(self, topic: str, channel: str) -> bool:
        """Tell whether the registry's preferences let a message on a topic through."""
        chosen = self.choices.get(topic, self.choices.get("*"))
        return chosen is None or channel in chosen


@dataclass(frozen=True)
class Feed:
    """The people of a feed by their personal codes."""

    people: Mapping[str, Person]

    def parents(self, parish: str, ages: Collection[int], today: date) -> list[Person]:
        """List who lives in a parish and has a child of one of the ages, in the feed's order."""
        return [
            person
            for person in self.people.values()
            if person.parish == parish
            and any(age_on(child.born, today) in ages for child in person.children)
        ]


def read_feed(directory: Path) -> Feed:
    """Read what the tests need to know."""
    parishes = {row["ref"]: row["parish"] for row in rows(directory / "addresses.csv")}
    people = {
        row["personal_code"]: Person(
            code=row["personal_code"],
            given_name=row["given_name"],
            family_name=row["family_name"],
            language=row["language"],
            born=date.fromisoformat(row["birth_on"]),
            parish=parishes.get(row["address_ref"], ""),
        )
        for row in rows(directory / "residents.csv")
    }
    for row in rows(directory / "children.csv"):
        people[row["guardian_code"]].children.append(people[row["child_code"]])
    for row in rows(directory / "contacts.csv"):
        people[row["personal_code"]].contacts[row["kind"]] = row["value"]
    for row in rows(directory / "preferences.csv"):
        people[row["personal_code"]].choices[row["topic"]] = row["channels"].split("|")
    return Feed(people)


def speak_english(directory: Path, codes: Collection[str]) -> None:
    """Change the language of some residents in the feed."""
    file = directory / "residents.csv"
    changed = [
        {**row, "language": "en"} if row["personal_code"] in codes else row for row in rows(file)
    ]
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, changed[0])
        writer.writeheader()
        writer.writerows(changed)


def rows(file: Path) -> Iterator[dict[str, str]]:
    """Read a CSV file."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def age_on(born: date, today: date) -> int:
    """Count whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
