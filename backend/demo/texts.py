"""What the demo's municipality says; plainly synthetic."""

from datetime import datetime

GROUP_NAME = {
    "lv": "Ģimenes ar bērniem 3–6 gadu vecumā, Stopiņu pagasts",
    "en": "Families with children aged 3 to 6, Stopiņi parish",
}
DESCRIPTION = "Brīdināt ģimenes par traucējumiem pirmsskolas iestādēs; iedzīvotāji grupu redz."
PARISH = "Stopiņu pagasts"
AGES = range(3, 7)
PURPOSE = "safety"
RULE = {
    "op": "and",
    "args": [
        {
            "op": "any",
            "args": [
                {"property": "children"},
                {"op": "between", "args": [{"property": "age"}, AGES.start, AGES.stop - 1]},
            ],
        },
        {"op": "=", "args": [{"property": "parish"}, PARISH]},
    ],
}

TEXTS = {
    "lv": {
        "inbox": {
            "title": "Bērnudārzi rīt slēgti: ūdens nav dzerams",
            "body": "Ūdensvada avārijas dēļ Stopiņu pagastā ūdens līdz rītdienas plkst. 18.00 nav "
            "dzerams un pirmsskolas iestādes ir slēgtas. Vāriet ūdeni vismaz 10 minūtes. "
            "Dzeramo ūdeni izsniedz pie Ulbrokas kultūras nama.",
        },
        "push": {
            "title": "Bērnudārzi rīt slēgti",
            "body": "Ūdens Stopiņu pagastā nav dzerams līdz rītdienas plkst. 18.00.",
        },
        "sms": {
            "title": "",
            "body": "Stopiņu pagastā ūdens nav dzerams, bērnudārzi rīt slēgti. Vāriet ūdeni.",
        },
    },
    "en": {
        "inbox": {
            "title": "Kindergartens closed tomorrow: water is not drinkable",
            "body": "Because of a burst main in Stopiņi parish water is not drinkable until 18:00 "
            "tomorrow and kindergartens are closed. Boil water for at least 10 minutes. Drinking "
            "water is handed out at the Ulbroka culture house.",
        },
        "push": {
            "title": "Kindergartens closed tomorrow",
            "body": "Water in Stopiņi parish is not drinkable until 18:00 tomorrow.",
        },
        "sms": {
            "title": "",
            "body": "Stopini parish: water not drinkable, kindergartens closed. Boil water.",
        },
    },
}


def campaign(group_id: str, expires_at: datetime) -> dict[str, object]:
    """Write the demo's alert."""
    return {
        "name": "Ūdensvada avārija Stopiņos",
        "messageClass": "alert",
        "severity": "Severe",
        "topic": "safety",
        "channels": ["push", "web_push", "email", "sms"],
        "groupId": group_id,
        "texts": TEXTS,
        "transliterateSms": True,
        "expiresAt": expires_at.isoformat(),
    }


def status_data(personal_code: str, number: str, at: datetime) -> dict[str, object]:
    """Write the status of a case that another system reports."""
    return {
        "caseNumber": number,
        "service": {
            "code": "preschool-place",
            "title": {"lv": "Vieta bērnudārzā", "en": "A place in kindergarten"},
        },
        "person": {"personalCode": personal_code},
        "status": "PIEŠĶIRTS",
        "stage": "decided",
        "stepTitle": {"lv": "Vieta piešķirta", "en": "Place granted"},
        "occurredAt": at.isoformat(),
        "sequence": 1,
    }
