"""The registers that facts come from, and on what ground the municipality may use them.

The grounds name laws, not a decision for one municipality: its data protection officer confirms
them in the record of processing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.kernel.errors import Text
from groups.language.things import Register

TASK = Text(
    lv="VDAR 6. panta 1. punkta e) apakšpunkts (uzdevums sabiedrības interesēs)",
    en="GDPR Article 6(1)(e) (a task in the public interest)",
)
CONSENT = Text(
    lv="VDAR 6. panta 1. punkta a) apakšpunkts (piekrišana)",
    en="GDPR Article 6(1)(a) (consent)",
)
SOCIAL_PROTECTION = Text(
    lv="VDAR 9. panta 2. punkta b) apakšpunkts (sociālā aizsardzība)",
    en="GDPR Article 9(2)(b) (social protection)",
)


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What a register is called, and the ground on which its facts are used."""

    title: Text
    legal_basis: Text


def _entry(title: Text, *grounds: Text) -> RegisterEntry:
    lv, en = (ground.lv for ground in grounds), (ground.en for ground in grounds)
    return RegisterEntry(title, Text(lv="; ".join(lv), en="; ".join(en)))


REGISTERS: Mapping[Register, RegisterEntry] = {
    Register.RESIDENTS: _entry(
        Text(lv="Fizisko personu reģistrs", en="Register of Natural Persons"),
        TASK,
        Text(lv="Fizisko personu reģistra likums", en="Law on the Register of Natural Persons"),
    ),
    Register.ADDRESSES: _entry(
        Text(
            lv="Deklarētās dzīvesvietas un Valsts adrešu reģistrs",
            en="Declared places of residence and the State Address Register",
        ),
        TASK,
        Text(lv="Dzīvesvietas deklarēšanas likums", en="Declaration of Place of Residence Law"),
        Text(
            lv="Administratīvo teritoriju un apdzīvoto vietu likums",
            en="Law on Administrative Territories and Populated Areas",
        ),
    ),
    Register.EDUCATION: _entry(
        Text(lv="Valsts izglītības informācijas sistēma", en="State Education Information System"),
        TASK,
        Text(lv="Izglītības likuma 17. pants", en="Education Law, Section 17"),
    ),
    Register.LAND: _entry(
        Text(lv="Nekustamā īpašuma valsts kadastrs", en="National Real Estate Cadastre"),
        TASK,
        Text(
            lv="Nekustamā īpašuma valsts kadastra likums",
            en="National Real Estate Cadastre Law",
        ),
    ),
    Register.VEHICLES: _entry(
        Text(lv="Transportlīdzekļu reģistrs", en="Register of Vehicles"),
        TASK,
        Text(lv="Ceļu satiksmes likums", en="Road Traffic Law"),
    ),
    Register.ANIMALS: _entry(
        Text(lv="Mājas (istabas) dzīvnieku reģistrs", en="Register of Pets"),
        TASK,
        Text(lv="Veterinārmedicīnas likums", en="Veterinary Medicine Law"),
    ),
    Register.SOCIAL_ASSISTANCE: _entry(
        Text(lv="Sociālās palīdzības uzskaite", en="Records of social assistance"),
        TASK,
        SOCIAL_PROTECTION,
        Text(
            lv="Sociālo pakalpojumu un sociālās palīdzības likums",
            en="Law on Social Services and Social Assistance",
        ),
    ),
    Register.OWN_CHOICES: _entry(
        Text(lv="Iedzīvotāja paša izvēles", en="The resident's own choices"), CONSENT
    ),
}
