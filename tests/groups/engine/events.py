"""What may happen in a municipality, told by its chronicle."""

from collections.abc import Callable

from tests.groups.engine.chronicle import (
    BORN_LATE,
    FUELS,
    PARISHES,
    SCHOOLS,
    TAGS,
    Chronicle,
)
from tests.groups.registry.driver import Row
from tests.groups.registry.test_deltas import KEYS


def be_born(chronicle: Chronicle) -> None:
    """Let a child be born to somebody."""
    parent = chronicle.some("residents")
    child = chronicle.person(parent["household_ref"], parent["address_ref"], BORN_LATE)
    chronicle.entrust(child, [parent["personal_code"]])


def leave(chronicle: Chronicle) -> None:
    """Let somebody die or move away; what they had is gone or inherited."""
    gone = chronicle.some("residents")
    code = gone["personal_code"]
    if code in chronicle.recoded:
        return  # the registry does not know the code that it would say is gone
    heir = chronicle.rows("residents")[0]["personal_code"]
    for row in chronicle.rows("vehicles"):
        if row["owner_code"] == code and chronicle.chance.random() < 0.5:
            row["owner_code"] = heir
    chronicle.away.append(gone)
    chronicle.drop(code, *KEYS)


def come_back(chronicle: Chronicle) -> None:
    """Let somebody who went return, to whichever household."""
    if not chronicle.away:
        return
    back = chronicle.away.pop(chronicle.chance.randrange(len(chronicle.away)))
    beside = chronicle.some("residents")
    back |= {name: beside[name] for name in ("address_ref", "household_ref")}
    chronicle.rows("residents").append(back)
    chronicle.entrust(beside["personal_code"], [back["personal_code"]])


def move(chronicle: Chronicle) -> None:
    """Let a household move; its people remember where they lived."""
    household, to = chronicle.some("households"), chronicle.some("addresses")["ref"]
    was, household["address_ref"] = household["address_ref"], to
    for person in chronicle.rows("residents"):
        if person["household_ref"] == household["ref"]:
            _remember(chronicle, person, was)
            person |= {"address_ref": to, "declared_since": "2026-11-01"}


def _remember(chronicle: Chronicle, person: Row, was: str) -> None:
    stay = {"personal_code": person["personal_code"], "address_ref": was, "since": "2015-01-01"}
    known = [{name: row[name] for name in stay} for row in chronicle.rows("former_addresses")]
    if was and stay not in known:
        chronicle.rows("former_addresses").append(stay | {"until": "2026-10-31"})


def move_out(chronicle: Chronicle) -> None:
    """Let somebody be declared elsewhere, and known here by a link alone; or here again."""
    person = chronicle.some("residents")
    if person["residence"] == "linked":
        person |= {"residence": "declared", "address_ref": chronicle.some("addresses")["ref"]}
    else:
        person |= {"residence": "linked", "address_ref": "", "household_ref": ""}


def marry(chronicle: Chronicle) -> None:
    """Let somebody join another household."""
    person, beside = chronicle.some("residents"), chronicle.some("residents")
    person |= {name: beside[name] for name in ("address_ref", "household_ref")}


def be_recoded(chronicle: Chronicle) -> None:
    """Give somebody another personal code."""
    person = chronicle.some("residents")
    old, new = person["personal_code"], f"32{next(chronicle.numbers):09d}"
    person["former_codes"] = "|".join(filter(None, (person["former_codes"], old)))
    chronicle.rename(old, new)
    chronicle.recoded.add(new)


def be_forgotten(chronicle: Chronicle) -> None:
    """Let the registry no longer know something of somebody."""
    names = ("birth_on", "sex", "language", "address_ref", "household_ref", "declared_since")
    chronicle.some("residents")[chronicle.chance.choice(names)] = ""


def be_corrected(chronicle: Chronicle) -> None:
    """Let the registry know another day of birth and other interests."""
    tags = chronicle.chance.sample(TAGS, chronicle.chance.randint(0, 2))
    known = {"birth_on": chronicle.chance.choice(BORN_LATE), "interests": "|".join(tags)}
    chronicle.some("residents").update(known)


def be_rebuilt(chronicle: Chronicle) -> None:
    """Let an address be another parish's, another house or another point; or come back."""
    old = chronicle.some("addresses")
    new = chronicle.place(old["ref"], chronicle.chance.choice(PARISHES))
    refs = {row["ref"] for row in chronicle.rows("addresses")}
    gone = sorted({f"A{number}" for number in range(30)} - refs)
    if gone:
        new["ref"] = chronicle.chance.choice(gone)
        chronicle.rows("addresses").append(new)
    else:
        old.update(new)


def be_pulled_down(chronicle: Chronicle) -> None:
    """Close an address; who lived there has none."""
    ref = chronicle.some("addresses")["ref"]
    for subject in ("residents", "households", "properties", "institutions"):
        for row in chronicle.rows(subject):
            if row["address_ref"] == ref:
                row["address_ref"] = ""
    chronicle.drop(ref, "addresses", "former_addresses")


def dissolve(chronicle: Chronicle) -> None:
    """Let a household end, or one that ended come back."""
    ref = chronicle.some("households")["ref"]
    if chronicle.chance.random() < 0.5:
        person = chronicle.some("residents")
        ended = {f"H{number}" for number in range(1, 12)}
        ended -= {row["ref"] for row in chronicle.rows("households")}
        if ended:
            person["household_ref"] = min(ended)
            back = {"ref": min(ended), "address_ref": person["address_ref"]}
            chronicle.rows("households").append(back)
        return
    for person in chronicle.rows("residents"):
        if person["household_ref"] == ref:
            person["household_ref"] = ""
    chronicle.drop(ref, "households")


def change_schools(chronicle: Chronicle) -> None:
    """Let an institution be another, close or open; let somebody leave one for another."""
    school, name = chronicle.some("institutions"), chronicle.chance.choice(list(SCHOOLS))
    new = {"kind": SCHOOLS[name], "name": name}
    refs = {row["ref"] for row in chronicle.rows("institutions")}
    if {"S4", "S5"} <= refs and chronicle.chance.random() < 0.3:
        chronicle.drop(school["ref"], "institutions", "attendance")
    elif missing := sorted({"S4", "S5"} - refs):
        row = {"ref": missing[0], **new, "address_ref": "A1"}
        chronicle.rows("institutions").append(row)
    else:
        school.update(new)
    drop_one(chronicle, "attendance")
    chronicle.entrust(chronicle.some("residents")["personal_code"], [])


def change_guardians(chronicle: Chronicle) -> None:
    """Let one guardian go and another come."""
    drop_one(chronicle, "children")
    guardian, child = chronicle.some("residents"), chronicle.some("residents")
    chronicle.entrust(child["personal_code"], [guardian["personal_code"]])


def drop_one(chronicle: Chronicle, subject: str) -> None:
    """Leave out one row."""
    if chronicle.rows(subject):
        chronicle.rows(subject).remove(chronicle.some(subject))


def trade(chronicle: Chronicle) -> None:
    """Let things change hands, change, come and go."""
    chance, owner = chronicle.chance, chronicle.some("residents")["personal_code"]
    subject = chance.choice(("vehicles", "pets", "properties"))
    chronicle.some(subject).update({"owner_code": owner} if chronicle.rows(subject) else {})
    if chronicle.rows("vehicles"):
        chronicle.some("vehicles")["fuel"] = chance.choice(FUELS)
    drop_one(chronicle, chance.choice(("vehicles", "pets", "properties", "contacts")))
    chronicle.acquire(owner)


EVENTS: tuple[Callable[[Chronicle], None], ...] = (
    Chronicle.settle,
    be_born,
    leave,
    leave,
    come_back,
    move,
    move_out,
    marry,
    be_recoded,
    be_forgotten,
    be_corrected,
    be_rebuilt,
    be_pulled_down,
    dissolve,
    change_schools,
    change_guardians,
    trade,
    trade,
)
