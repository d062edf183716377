"""What synthetic people have: contact points, preferences, pets, property, interests, statuses."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from groups.registry.generator.households import Kin
from groups.registry.generator.people import Person, latin

MAIL_DOMAIN = "iedzivotaji.invalid"
"""RFC 2606 reserves `.invalid`: no letter to it can leave the building."""
FIRST_MOBILE = 20_000_000
INTERESTS = ("culture", "sport", "nature", "roads", "youth", "education", "safety", "heritage")
CHANNEL_ORDERS = (
    "push|email|sms",
    "push",
    "email",
    "sms|email",
    "email|push",
    "web_push|email",
    "",
)
TOPICS = ("*", "*", "*", "culture", "roads", "safety")
VEHICLE_KINDS = ("car", "motorcycle", "truck", "trailer", "other")
VEHICLE_WEIGHTS = (78, 6, 3, 12, 1)
FUELS = ("petrol", "diesel", "gas", "electric", "hybrid")
FUEL_WEIGHTS = (40, 47, 7, 2, 4)
Cells = tuple[str, ...]


@dataclass(slots=True)
class Belongings:
    """Deals out belongings; numbers and references count up, so none comes twice."""

    chance: Random
    municipality: str
    mobiles: int = 0
    mails: int = 0
    pets: int = 0
    properties: int = 0
    owned_vehicles: int = 0

    def contacts(self, person: Person) -> Iterator[Cells]:
        """Give rows of contacts.csv; children under 13 have none."""
        if person.age < 13:
            return
        mail_share = 0.35 if person.age >= 65 else 0.72
        if person.age >= 16 and self._happens(mail_share):
            self.mails += 1
            name = f"{latin(person.given_name)}.{latin(person.family_name)}.{self.mails}"
            yield person.code, "email", f"{name}@{MAIL_DOMAIN}"
        if self._happens(0.86):
            number = FIRST_MOBILE + self.mobiles
            self.mobiles += 1
            yield person.code, "sms", f"+371{number}"

    def preferences(self, person: Person) -> Iterator[Cells]:
        """Give at most one row of preferences.csv."""
        if person.age >= 16 and self._happens(0.3):
            topic = self.chance.choice(TOPICS)
            yield person.code, topic, self.chance.choice(CHANNEL_ORDERS)

    def animals(self, kin: Kin) -> Iterator[Cells]:
        """Give rows of pets.csv for a household."""
        owner = next(kin.members)
        if self._happens(0.32):
            for _ in range(self.chance.choices((1, 2, 3), (74, 20, 6))[0]):
                self.pets += 1
                species = self.chance.choices(("dog", "cat", "ferret"), (62, 37, 1))[0]
                yield f"{self.municipality}-M{self.pets:07d}", owner.code, species

    def estate(self, kin: Kin, address: str, *, is_flat: bool) -> Iterator[Cells]:
        """Give rows of properties.csv for a household: its dwelling, perhaps land besides."""
        owner = next(kin.members)
        if self._happens(0.62):
            yield self._property(owner, "flat" if is_flat else "building", address)
        if self._happens(0.14):
            yield self._property(owner, "land", "")

    def vehicles(self, kin: Kin) -> Iterator[Cells]:
        """Give rows of vehicles.csv for a household."""
        owners = [person for person in kin.members if person.age >= 18]
        if not owners or not self._happens(0.66):
            return
        for _ in range(self.chance.choices((1, 2, 3), (68, 26, 6))[0]):
            self.owned_vehicles += 1
            kind = self.chance.choices(VEHICLE_KINDS, VEHICLE_WEIGHTS)[0]
            fuel = "" if kind == "trailer" else self.chance.choices(FUELS, FUEL_WEIGHTS)[0]
            ref = f"{self.municipality}-T{self.owned_vehicles:07d}"
            yield ref, self.chance.choice(owners).code, kind, fuel

    def interests(self, person: Person) -> str:
        """Give a few interests of a person of 14 or more."""
        if person.age < 14 or self._happens(0.4):
            return ""
        return "|".join(self.chance.sample(INTERESTS, self.chance.randint(1, 3)))

    def statuses(self, person: Person, kin: Kin) -> str:
        """Give social statuses, those of the household included."""
        statuses = ["large_family"] if len(kin.children) > 2 and person not in kin.others else []
        if person.age >= 65:
            statuses.append("pensioner")
        if self._happens(0.11 if person.age >= 60 else 0.03):
            statuses.append("disability")
        if self._happens(0.04):
            statuses.append("low_income")
        return "|".join(statuses)

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _property(self, owner: Person, kind: str, address: str) -> Cells:
        self.properties += 1
        return f"{self.municipality}-I{self.properties:07d}", owner.code, kind, address
