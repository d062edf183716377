"""The API viewer: everything on its pages comes from us."""

import hashlib
import re
from pathlib import Path

from litestar import Litestar
from litestar.testing import AsyncTestClient

from backend.app.openapi_files import contract_files
from backend.app.routes import Surface
from backend.app.viewers import ASSETS

Client = AsyncTestClient[Litestar]


async def test_the_served_descriptions_are_the_generated_files(app_client: Client) -> None:
    """What an app team downloads is what the repository holds."""
    files = contract_files()
    for surface in Surface:
        answer = await app_client.get(f"/schema/{surface}.json")
        assert answer.headers["content-type"] == "application/json"
        assert answer.content == files[f"openapi/{surface}.json"]


async def test_the_first_page_links_every_audience(app_client: Client) -> None:
    """Each linked page is there."""
    page = await app_client.get("/schema")
    links = re.findall(r'href="(/schema/[a-z.]+)"', page.text)
    assert {f"/schema/{surface}" for surface in Surface} <= set(links)
    for link in links:
        assert (await app_client.get(link)).status_code == 200


async def test_every_page_loads_only_what_we_serve(app_client: Client) -> None:
    """Scripts, styles and links are paths of ours, and each is there."""
    for path in ("/schema", *(f"/schema/{surface}" for surface in Surface)):
        page = await app_client.get(path)
        assert page.headers["content-type"].startswith("text/html")
        references = re.findall(r'(?:src|href|data-url)="([^"]*)"', page.text)
        assert references
        for reference in references:
            assert reference.startswith("/"), reference
            assert (await app_client.get(reference)).status_code == 200, reference


async def test_pages_forbid_every_other_source(app_client: Client) -> None:
    """A strict policy: nothing inline, nothing from elsewhere."""
    policy = (await app_client.get("/schema/mobile")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


async def test_an_audience_or_asset_that_is_not_there_is_not_found(app_client: Client) -> None:
    """No path reaches outside the list."""
    paths = ("/schema/citizens", "/schema/citizens.json", "/schema/assets/..%2F..%2Fmain.py")
    for path in paths:
        answer = await app_client.get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"


def test_the_vendored_viewer_is_as_it_was_published() -> None:
    """Every file has the sum that its note tells, and no file is without one."""
    folder = ASSETS / "swagger-ui"
    note = (folder / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", note, re.MULTILINE))
    sums = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name for path in _vendored(folder)}
    assert sums == told


def _vendored(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name != "README.md"]
