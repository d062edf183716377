"""A seeded municipality whose registry tells it piece by piece, by full feeds and by deltas."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from tests.groups.registry.driver import Row
from tests.groups.registry.test_deltas import KEYS, difference

Rows = dict[str, list[Row]]

PARISHES = ("Stopiņu pagasts", "Ropažu pagasts", "Garkalnes pagasts")
STREETS = ("Institūta iela", "Vālodzes", "")
TAGS = ("sport", "culture", "roads")
SCHOOLS = {"Pienenīte": "preschool", "Ulbrokas vidusskola": "school", "Mūzikas skola": "other"}
BORN = ("1931-05-05", "1950-01-01", "1985-06-01", "1990-02-28", "2004-02-29", "2008-11-20", "")
BORN_LATE = ("2012-09-01", "2019-11-20", "2020-02-29", "2022-07-07", "2024-11-21", "")
FUELS = ("petrol", "diesel", "electric", "")
LATITUDES = ("56.935000", "56.936000", "56.937000", "56.941000", "")
CODES = ("personal_code", "guardian_code", "child_code", "owner_code")
STEPS = (
    {"addresses", "households", "institutions"},
    {"residents"},
    KEYS.keys() - {"addresses", "households", "institutions", "residents"},
)
"""A delta may come in parts, each of which refers only to what was told before."""
KEPT = 4
"""So many of the first addresses, institutions and residents stay: rules name what they have."""


@dataclass(frozen=True)
class Feed:
    """What the registry tells at once: `form` is full or delta, `ending` that of its files."""

    form: str
    ending: str
    rows: Rows


class Chronicle:
    """Lets people live, and tells the registry's feeds about them."""

    def __init__(self, seed: int, households: int = 40) -> None:
        """Found a municipality of some hundred and fifty people, of whom nothing is told yet."""
        self.chance = Random(seed)  # noqa: S311 - repeatable
        self.files: Rows = {f"{subject}.csv": [] for subject in KEYS}
        self.told = deepcopy(self.files)
        self.away: list[Row] = []
        self.recoded: set[str] = set()
        self.numbers = count(1)
        for number in range(30):
            self.rows("addresses").append(self.place(f"A{number}", PARISHES[number % 3]))
        for number, name in enumerate((*SCHOOLS, *SCHOOLS)):
            row = {"ref": f"S{number}", "kind": SCHOOLS[name], "name": name, "address_ref": "A1"}
            self.rows("institutions").append(row)
        for _ in range(households):
            self.settle()
        for row in self.rows("residents")[:KEPT]:
            row["interests"] = "|".join(TAGS)

    def rows(self, subject: str) -> list[Row]:
        """Give the rows of one file, to be changed in place."""
        return self.files[f"{subject}.csv"]

    def some(self, subject: str) -> Row:
        """Choose a row that may change, or one of no file if there is none."""
        first = KEPT if subject in {"addresses", "institutions", "residents"} else 0
        return self.chance.choice(self.rows(subject)[first:] or [{}])

    def settle(self) -> None:
        """Let a household move in: adults, their children, and what they have."""
        ref, place = f"H{next(self.numbers)}", self.some("addresses")["ref"]
        self.rows("households").append({"ref": ref, "address_ref": place})
        adults = [self.person(ref, place, BORN) for _ in range(self.chance.randint(1, 3))]
        for _ in range(self.chance.randint(0, 3)):
            child = self.person(ref, place, BORN_LATE)
            self.entrust(child, adults[: self.chance.randint(0, 2)])
        for _ in range(self.chance.randint(0, 2)):
            self.acquire(self.chance.choice(adults))

    def person(self, household: str, place: str, born: Sequence[str]) -> str:
        """Enter a person; gives their code."""
        number, choice = next(self.numbers), self.chance.choice
        row = {
            "personal_code": f"32{number:09d}",
            "former_codes": "",
            "given_name": "Parauga",
            "family_name": f"Persona {number}",
            "birth_on": choice(born),
            "sex": choice(("female", "male", "")),
            "language": choice(("lv", "en", "")),
            "address_ref": place,
            "household_ref": household,
            "interests": choice(("", *TAGS, "sport|roads")),
            "residence": choice(("", "", "", "linked")),
            "declared_since": choice(("", "2001-01-01", "2025-12-31")),
        }
        self.rows("residents").append(row)
        return row["personal_code"]

    def place(self, ref: str, parish: str) -> Row:
        """Write an address."""
        latitude = self.chance.choice(LATITUDES)
        return {
            "ref": ref,
            "parish": parish,
            "street": STREETS[self.chance.randrange(3)] if ref not in {"A0", "A1"} else STREETS[0],
            "house": self.chance.choice(("1", "12a", "27", "Kalnbērzi", "")),
            "latitude": latitude,
            "longitude": "24.302000" if latitude else "",
        }

    def entrust(self, child: str, guardians: Sequence[str]) -> None:
        """Give a child guardians, and perhaps a school."""
        for guardian in guardians:
            row = {"guardian_code": guardian, "child_code": child}
            if guardian != child and row not in self.rows("children"):
                self.rows("children").append(row)
        school = {"personal_code": child, "institution_ref": self.some("institutions")["ref"]}
        if self.chance.random() < 0.7 and school not in self.rows("attendance"):
            self.rows("attendance").append(school)

    def acquire(self, owner: str) -> None:
        """Let somebody have one more thing of every kind, or be reached by one more address."""
        number, choice = next(self.numbers), self.chance.choice
        own = {"ref": f"T{number}", "owner_code": owner}
        place = self.some("addresses")["ref"]
        since = (date(2001, 1, 1) + timedelta(number)).isoformat()
        stay = {"since": since, "until": choice(("2018-12-31", "2025-03-01"))}
        mobile = {"kind": "sms", "value": f"+371200{number:05d}"}
        chosen: list[tuple[str, Row]] = [
            ("vehicles", own | {"kind": "car", "fuel": choice(FUELS)}),
            ("pets", own | {"species": choice(("dog", "cat"))}),
            ("properties", own | {"kind": choice(("flat", "land")), "address_ref": place}),
            ("former_addresses", {"personal_code": owner, "address_ref": place, **stay}),
            ("contacts", {"personal_code": owner, **mobile}),
        ]
        for subject, row in self.chance.sample(chosen, 2):
            self.rows(subject).append(row)

    def live(self, events: Sequence[Callable[["Chronicle"], None]], times: int) -> None:
        """Let so many things happen."""
        self.recoded.clear()
        for _ in range(times):
            self.chance.choice(events)(self)

    def rename(self, old: str, new: str) -> None:
        """Put another code in place of one, also in what was told: it is the same person."""
        for rows in (*self.files.values(), *self.told.values()):
            for row in rows:
                row.update({name: new for name in CODES if row.get(name) == old})

    def drop(self, value: str, *subjects: str) -> None:
        """Leave out the rows of these files that name something."""
        for subject in subjects:
            self.files[f"{subject}.csv"] = [
                row for row in self.rows(subject) if value not in row.values()
            ]

    def tell(self, form: str = "") -> list[Feed]:
        """Tell all that was not told yet, in a form of chance: at once or in steps."""
        form = form or self.chance.choice(("full", "delta", "steps"))
        whole = {subject: self.rows(subject) for subject in KEYS if self.rows(subject)}
        parts = [whole]
        if form != "full":
            whole = difference(self.told, self.files)
            steps = STEPS if form == "steps" else [KEYS.keys()]
            parts = [{each: whole[each] for each in whole if each in step} for step in steps]
        self.told = deepcopy(self.files)
        kind = "full" if form == "full" else "delta"
        return [
            Feed(kind, self.chance.choice((".csv", ".ndjson")), deepcopy(part))
            for part in parts
            if part
        ]
