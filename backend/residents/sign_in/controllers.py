"""Sessions of residents over HTTP."""

from litestar import Controller, Response, delete, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.guards import serves
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.sign_in.door import REFUSALS, SignInDoor, provide_door
from backend.kernel.sign_in.schemas import SignInRequest
from backend.kernel.sign_in.service import end_session
from backend.residents.sign_in import service
from backend.residents.sign_in.schemas import ResidentSession


class ResidentSignInController(Controller):
    """Opening a resident's session; nobody is signed in yet."""

    path = "/sessions"
    opt = serves(PrincipalKind.PUBLIC)
    dependencies = {"door": Provide(provide_door)}  # noqa: RUF012 - Litestar's own protocol

    @post(operation_id="openResidentSession", responses=REFUSALS)
    async def open(
        self,
        data: JSONBody[SignInRequest],
        door: NamedDependency[SignInDoor],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> Response[ResidentSession]:
        """Sign a resident in by an assertion; good for 12 hours."""
        admitted = await door.admit(data, PrincipalKind.RESIDENT)

        async def use_case(session: WriteSession) -> ResidentSession:
            resident_id, opened = await service.sign_in(
                session, admitted.municipality, admitted.assertion, vault=vault, now=clock()
            )
            return ResidentSession(opened.token, opened.expires_at, resident_id)

        return await admitted.once(use_case, ResidentSession)


class ResidentSessionController(Controller):
    """The session a resident is signed in with."""

    path = "/sessions/current"
    opt = serves(PrincipalKind.RESIDENT)

    @delete(operation_id="endResidentSession")
    async def end(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> None:
        """Sign out: the token is refused from now on."""
        async with transactions.write() as session:
            await end_session(session, principal, clock())
