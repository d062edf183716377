"""Preferences of the signed-in resident over HTTP."""

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions
from backend.kernel.errors import InvalidInput
from backend.kernel.guards import serves
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from notifications.preferences import service
from notifications.preferences.rules import Topic
from notifications.preferences.schemas import (
    ChannelChoice,
    PreferencesRequest,
    PreferencesView,
    checked_channels,
    checked_choices,
    preferences_view,
)

REFUSALS = problem_responses(InvalidInput)


class PreferenceController(Controller):
    """Which channels the resident wants for which topic."""

    path = "/preferences"
    opt = serves(PrincipalKind.RESIDENT)

    @get(operation_id="getMyPreferences")
    async def show(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> PreferencesView:
        """Give what holds for every topic, defaults included."""
        async with transactions.read() as session:
            preferences = await service.own_preferences(session, principal)
        return preferences_view(preferences)

    @put(operation_id="chooseMyPreferences", responses=REFUSALS)
    async def choose_all(
        self,
        data: JSONBody[PreferencesRequest],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> PreferencesView:
        """Choose for every topic at once; a topic left out returns to the default."""
        choices = checked_choices(data)
        async with transactions.write() as session:
            await service.choose_all(session, principal, choices, clock())
            preferences = await service.own_preferences(session, principal)
        return preferences_view(preferences)

    @put("/{topic:str}", operation_id="chooseMyPreference", responses=REFUSALS)
    async def choose(
        self,
        topic: FromPath[Topic],
        data: JSONBody[ChannelChoice],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> PreferencesView:
        """Choose for one topic; the others stay as they are."""
        channels = checked_channels(data.channels, "/channels")
        async with transactions.write() as session:
            await service.choose(session, principal, {topic: channels}, clock())
            preferences = await service.own_preferences(session, principal)
        return preferences_view(preferences)
