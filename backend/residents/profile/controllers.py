"""The resident's own profile over HTTP."""

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions
from backend.kernel.guards import serves
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.residents.profile import service
from backend.residents.profile.errors import ProfileNotFound
from backend.residents.profile.schemas import LanguageChoice, ProfileView, profile_view

REFUSALS = problem_responses(ProfileNotFound)


class ProfileController(Controller):
    """The signed-in resident."""

    path = "/me"
    opt = serves(PrincipalKind.RESIDENT)

    @get(operation_id="getMyProfile", responses=REFUSALS)
    async def show(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        vault: NamedDependency[Vault],
    ) -> ProfileView:
        """Give the resident's own profile; contact points are masked."""
        async with transactions.read() as session:
            profile = await service.profile_of(session, principal, vault)
        return profile_view(profile)

    @put("/language", operation_id="chooseMyLanguage", responses=REFUSALS)
    async def choose_language(
        self,
        data: JSONBody[LanguageChoice],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> ProfileView:
        """Choose the language of messages; the registry does not change it back."""
        async with transactions.write() as session:
            await service.choose_language(session, principal, data.language, clock())
            profile = await service.profile_of(session, principal, vault)
        return profile_view(profile)
