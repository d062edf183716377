"""What a resident is told: their groups, why, why a message came, and to whom they were named."""

from typing import Any

from tests.contract.examples.story import Story
from tests.drivers.people import Caller

Json = dict[str, Any]
TEXT = {"title": "Ūdens nav dzerams", "body": "Vāriet ūdeni vismaz 10 minūtes."}


async def tell_of_disclosures(story: Story) -> None:
    """Record who is told of a group's members; the first of them goes on as the resident."""
    book, staff = story.book, story.staff
    path = f"/groups/{story.families}/disclosures"
    body = {"kind": "list", "reason": "Pārbaude pēc iedzīvotāja iesnieguma Nr. 17."}
    listed = book.keep("discloseMembers", await staff.post(path, body), 201)
    answer = await staff.get(f"{path}/{listed['id']}/members")
    [mother, *_] = book.keep("listDisclosedMembers", answer)["members"]
    made = (await staff.post(path, {**body, "kind": "export"})).json()
    answer = await staff.get(f"{path}/{made['id']}/members.csv")
    book.keep("exportDisclosedMembers", answer)
    story.mother = await story.signed_in(mother["residentId"])


async def tell_residents(story: Story) -> None:
    """Record what the mother of the family reads in the app."""
    book, mother = story.book, story.mother
    assert mother is not None
    mine = book.keep("listMyGroups", await mother.get("/groups"))["groups"]
    book.keep("explainMyGroup", await mother.get(f"/groups/{mine[0]['id']}/why"))
    message = await _message(story, mother)
    book.keep("explainMyMessage", await mother.get(f"/inbox/{message}/why"))
    book.keep("listMyDisclosures", await mother.get("/disclosures"))


async def _message(story: Story, mother: Caller) -> str:
    """Send a message to the families; gives it as the mother's inbox names it."""
    campaign = {
        "name": "Ūdens Stopiņos",
        "messageClass": "alert",
        "severity": "Severe",
        "topic": "safety",
        "channels": [],
        "groupId": story.families,
        "texts": {"lv": {"inbox": TEXT}},
        "expiresAt": story.expiry(),
    }
    written = (await story.staff.post("/campaigns", campaign)).json()
    path = f"/campaigns/{written['id']}"
    assert (await story.staff.post(f"{path}/review")).is_success
    digest = (await story.approver.get(f"{path}/preview")).json()["digest"]
    assert (await story.approver.post(f"{path}/approval", {"digest": digest})).is_success
    assert (await story.staff.post(f"{path}/sending")).is_success
    while await story.dispatch():
        pass
    return str((await mother.get("/inbox")).json()["items"][0]["id"])
