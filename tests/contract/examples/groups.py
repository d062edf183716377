"""How staff make groups, see them follow, decide on one that is held, and send to them."""

from typing import Any

from tests.contract.examples.story import Story

Json = dict[str, Any]
PURPOSE = "information"
PARISH = {"op": "=", "args": [{"property": "parish"}, "Stopiņu pagasts"]}
GROWN = {"op": ">=", "args": [{"property": "age"}, 18]}
YOUNG = {"op": "<", "args": [{"property": "age"}, 18]}
ADULTS = {"op": "and", "args": [PARISH, GROWN]}
CHILD = {"op": "between", "args": [{"property": "age"}, 3, 6]}
FAMILY = {"op": "any", "args": [{"property": "children"}, CHILD]}
FAMILIES = {"op": "and", "args": [FAMILY, PARISH]}
POOR = {"op": "a_contains", "args": [{"property": "social_statuses"}, ["low_income"]]}
ULBROKA = {
    "type": "Polygon",
    "coordinates": [
        [[24.29, 56.93], [24.31, 56.93], [24.31, 56.95], [24.29, 56.95], [24.29, 56.93]]
    ],
}


def group(lv: str, en: str, rule: Json, *, label: bool = False) -> Json:
    """Write a new group."""
    body: Json = {
        "name": {"lv": lv, "en": en},
        "description": "Ziņas par Stopiņu pagastu.",
        "purpose": PURPOSE,
        "rule": rule,
    }
    return body | ({"publicLabel": body["name"]} if label else {})


async def tell_of_groups(story: Story) -> None:
    """Record what there is to ask, previews, and groups from their making to a new rule."""
    await _asking(story)
    await _previews(story)
    await _saving(story)


async def tell_of_following(story: Story) -> None:
    """Record a group that would lose too many, and the end of one."""
    book, staff = story.book, story.staff
    leaving = await story.settle(250)
    await story.following()
    await story.strike_off(leaving)
    await story.following()
    path = f"/groups/{story.everybody}"
    book.keep("listGroupsNeedingAttention", await story.approver.get("/groups/attention"))
    book.keep("releaseGroup", await story.approver.post(f"{path}/release"))
    book.keep("listGroupChanges", await staff.get(f"{path}/changes", limit=3))
    book.keep("archiveGroup", await staff.post(f"/groups/{story.young}/archiving"))


async def tell_of_audiences(story: Story) -> None:
    """Record an audience of a group, without another, with everybody in an area."""
    body = {
        "name": "Stopiņu pieaugušie un Ulbrokas centrs",
        "purpose": PURPOSE,
        "include": [story.everybody],
        "exclude": [story.young],
        "area": ULBROKA,
    }
    answer = await story.staff.post("/audiences", body)
    frozen = story.book.keep("freezeAudience", answer, 201)
    story.book.keep("getAudience", await story.staff.get(f"/audiences/{frozen['id']}"))


async def _asking(story: Story) -> None:
    book, staff = story.book, story.staff
    book.keep("listQueryables", await staff.get("/queryables", purpose=PURPOSE))
    path = "/queryables/parish/values"
    book.keep("listQueryableValues", await staff.get(path, q="pag", purpose=PURPOSE))


async def _previews(story: Story) -> None:
    cases = {
        "previewGroup": ADULTS,
        "previewGroup.fewer_than_10": FAMILIES,
        "previewGroup.withheld": {"op": "and", "args": [{"op": "not", "args": [FAMILY]}, PARISH]},
    }
    for name, rule in cases.items():
        asked = {"rule": rule, "purpose": PURPOSE}
        story.book.keep(name, await story.staff.post("/groups/preview", asked))


async def _saving(story: Story) -> None:
    book, staff = story.book, story.staff
    body = group("Stopiņu iedzīvotāji", "Residents of Stopiņi", ADULTS)
    story.everybody = book.keep("createGroup", await staff.post("/groups", body), 201)["id"]
    body = group("Ģimenes Stopiņos", "Families in Stopiņi", FAMILIES, label=True)
    answer = await staff.post("/groups", body)
    story.families = book.keep("createGroup.with_a_public_label", answer, 201)["id"]
    body = group("Jaunieši", "Young people", YOUNG)
    story.young = (await staff.post("/groups", body)).json()["id"]
    body = group("Maznodrošinātie", "On low incomes", {"op": "and", "args": [PARISH, POOR]})
    book.keep("createGroup.outside_purpose", await staff.post("/groups", body), 400)
    await story.following()
    path = f"/groups/{story.everybody}"
    answer = await staff.put(f"{path}/rule", {"rule": PARISH}, '"1"')
    book.keep("changeGroupRule", answer)
    answer = await staff.put(f"{path}/rule", {"rule": ADULTS}, '"1"')
    book.keep("changeGroupRule.group_version_stale", answer, 412)
    book.keep("getGroup", await staff.get(path))
    book.keep("listGroups", await staff.get("/groups", state="live"))
