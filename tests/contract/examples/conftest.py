"""The recording of examples: one story told to the whole application."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from httpx import AsyncClient

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import Settings
from backend.kernel.wakeups import Bell
from backend.staff.public import StaffRole
from backend.worker.handlers import outbox_handlers
from backend.worker.loops import dispatch_one
from groups.engine.engine import Engine
from groups.public import FeedImporter, Sinks
from tests.contract.examples.feeds import tell_of_feeds
from tests.contract.examples.groups import tell_of_audiences, tell_of_following, tell_of_groups
from tests.contract.examples.recording import Book
from tests.contract.examples.residents import tell_of_disclosures, tell_residents
from tests.contract.examples.story import Story
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, SignedIn, SignIn
from tests.groups.ingest.exporter import Exporter
from tests.groups.registry.driver import Registry
from tests.groups.townsfolk import Townsfolk

YOUNG = date(2012, 3, 1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the examples be written anew: `pytest tests/contract/examples --record`."""
    parser.addoption("--record", action="store_true", help="write mobile-contract/examples anew")


@pytest.fixture
async def story(
    app_client: AsyncClient,
    database: Database,
    vault: Vault,
    settings: Settings,
    clock: SteeredClock,
    sign_in: SignIn,
    signed_in: SignedIn,
    tmp_path: Path,
) -> Story:
    """Give the municipality before anything happened in it."""
    registry = Registry(database, vault, clock, tmp_path / "feed", tmp_path / "report.csv")
    sinks = Sinks(preferences=registry.sink)
    handlers = outbox_handlers(settings, clock)
    return Story(
        book=Book(),
        clock=clock,
        database=database,
        staff=await sign_in(PrincipalKind.STAFF, list(StaffRole)),
        approver=await sign_in(PrincipalKind.STAFF, ["approver"]),
        exporter=Exporter(app_client, clock, "", "", []),
        importer=FeedImporter(database, (ROPAZI,), vault, clock, sinks, tmp_path / "feeds"),
        registry=registry,
        townsfolk=Townsfolk(database, vault),
        engine=Engine(database, (ROPAZI,), clock, Bell(asyncio.Event())),
        dispatch=dispatch_one(database, (ROPAZI,), handlers, clock),
        signed_in=signed_in,
    )


@pytest.fixture
async def book(story: Story) -> Book:
    """Give everything that was recorded when the whole story was told."""
    await tell_of_feeds(story)
    await story.settle(300)
    await story.settle(40, YOUNG)
    await tell_of_groups(story)
    await tell_of_disclosures(story)
    await tell_residents(story)
    await tell_of_audiences(story)
    await tell_of_following(story)
    return story.book
