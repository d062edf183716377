"""The page itself: languages, safety, what it loads, and that everybody can use it."""

import re

import pytest
from httpx import AsyncClient

from backend.app.routes import Surface
from tests.console.overview.reading import Page, read
from tests.notifications.hub.town import Town

LANDMARKS = ("header", "main", "nav")


async def page_of(client: AsyncClient, path: str = "/", **headers: str) -> Page:
    return read((await client.get(path, headers=headers)).text)


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/", "lv", "lv"),
        ("/", "en-GB, lv;q=0.5", "en"),
        ("/", "de", "lv"),
        ("/?lang=en", "lv", "en"),
        ("/?lang=lv", "en", "lv"),
        ("/?lang=xx", "en", "en"),
    ],
)
async def test_the_page_is_in_the_chosen_language_else_in_the_browsers(
    app_client: AsyncClient, path: str, accepted: str, language: str
) -> None:
    answer = await app_client.get(path, headers={"accept-language": accepted})
    page = read(answer.text)
    assert (answer.status_code, page.language) == (200, language)
    assert answer.headers["content-language"] == language
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    title = {"lv": "Kas darbojas", "en": "What runs"}[language]
    assert title in [heading.words for heading in page.root.all("h2")]
    (current,) = [e for e in page.elements if "aria-current" in e.attributes]
    assert current.attributes["lang"] == language


async def test_the_policy_allows_only_our_own_files_and_the_page_keeps_to_it(
    app_client: AsyncClient,
) -> None:
    answer = await app_client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"unsafe|http|\*|data:", policy)
    page = read(answer.text)
    assert not page.root.all("style")
    for element in page.elements:
        assert not [a for a in element.attributes if a == "style" or a.startswith("on")]
        if element.tag == "script":
            assert (element.attributes["src"], element.text) == ("/overview/assets/overview.js", "")


async def test_everything_the_page_refers_to_is_ours_and_there(app_client: AsyncClient) -> None:
    for reference in (await page_of(app_client)).references:
        if reference.startswith("#"):
            continue
        assert reference.startswith("/")
        assert not reference.startswith("//")
        assert (await app_client.get(reference)).status_code == 200, reference


async def test_no_file_of_the_page_names_another_host(app_client: AsyncClient) -> None:
    types = {}
    for name in ("overview.css", "overview.js", "icon.svg"):
        answer = await app_client.get(f"/overview/assets/{name}")
        text = answer.text.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?:|//[a-z]|@import|url\(", text), name
        types[name] = answer.headers["content-type"].partition(";")[0]
    assert set(types.values()) == {"text/css", "text/javascript", "image/svg+xml"}


@pytest.mark.parametrize("name", ["page.html", "..%2Fcontrollers.py", "..%2f..%2f__init__.py"])
async def test_no_other_file_is_given_as_an_asset(app_client: AsyncClient, name: str) -> None:
    answer = await app_client.get(f"/overview/assets/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/", "/overview/live"])
async def test_a_hostile_name_of_a_campaign_stays_text(town: Town, path: str) -> None:
    name = "<script src=//x.example></script><img src=x onerror=alert(1)>\" ' & {{ 7 * 7 }}"
    await town.draft(name=name)
    page = await page_of(town.client, path)
    assert [heading.text for heading in page.root.all("h3")] == [name]
    assert not page.root.all("img")
    assert len(page.root.all("script")) == (1 if path == "/" else 0)


async def test_the_live_part_is_the_same_as_in_the_page(town: Town) -> None:
    await town.send(await town.draft())
    await town.deliver()
    html = (await town.client.get("/?lang=en")).text
    (place,) = [e for e in read(html).elements if e.attributes.get("id") == "live"]
    answer = await town.client.get(place.attributes["data-source"])
    assert answer.headers["cache-control"] == "no-store"
    assert "Deliveries by state and channel" in answer.text
    assert answer.text in html


async def test_every_audiences_description_is_linked(app_client: AsyncClient) -> None:
    links = (await page_of(app_client)).references
    assert {"/schema", *(f"/schema/{surface}" for surface in Surface)} <= set(links)
    assert {"/health/live", "/health/ready", "/metrics"} <= set(links)


async def test_a_reader_of_the_screen_finds_their_way(town: Town) -> None:
    await town.send(await town.draft())
    await town.plan()
    page = await page_of(town.client)
    assert all(page.root.all(landmark) for landmark in LANDMARKS)
    assert len(page.root.all("main")) == len(page.root.all("h1")) == 1
    named = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(named) == len(set(named))
    pointers = ("aria-labelledby", "for")
    pointed = {e.attributes[p] for e in page.elements for p in pointers if p in e.attributes}
    skips = {r.removeprefix("#") for r in page.references if r.startswith("#")}
    assert pointed | skips <= set(named)
    assert len(page.root.all("table")) == 2
    for table in page.root.all("table"):
        assert table.all("caption")[0].words
        assert {cell.attributes["scope"] for cell in table.all("th")} == {"col", "row"}
    for nav in page.root.all("nav"):
        assert nav.attributes["aria-label"]


async def test_everything_shown_works_by_keyboard_and_without_script(
    app_client: AsyncClient,
) -> None:
    page = await page_of(app_client)
    assert not [e for e in page.elements if e.attributes.get("tabindex", "0") != "0"]
    (button,) = page.root.all("button")
    assert button.attributes["type"] == "button"
    assert "hidden" in button.attributes  # only the script, which it pauses, shows it
    (without,) = page.root.all("noscript")
    assert without.all("a")[0].attributes["href"] == "/?lang=lv"
