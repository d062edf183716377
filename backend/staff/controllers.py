"""Sessions and profile of staff over HTTP."""

from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.guards import serves
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.sign_in.door import REFUSALS, SignInDoor, provide_door
from backend.kernel.sign_in.schemas import SignInRequest
from backend.kernel.sign_in.service import end_session
from backend.staff import service
from backend.staff.errors import StaffMemberNotFound
from backend.staff.schemas import StaffProfileView, StaffSession, staff_profile_view


class StaffSignInController(Controller):
    """Opening a staff member's session; nobody is signed in yet."""

    path = "/sessions"
    opt = serves(PrincipalKind.PUBLIC)
    dependencies = {"door": Provide(provide_door)}  # noqa: RUF012 - Litestar's own protocol

    @post(operation_id="openStaffSession", responses=REFUSALS)
    async def open(
        self,
        data: JSONBody[SignInRequest],
        door: NamedDependency[SignInDoor],
        clock: NamedDependency[Clock],
    ) -> Response[StaffSession]:
        """Sign a staff member in by an assertion; good for 12 hours."""
        admitted = await door.admit(data, PrincipalKind.STAFF)

        async def use_case(session: WriteSession) -> StaffSession:
            staff_id, opened = await service.sign_in(
                session, admitted.municipality, admitted.assertion, clock()
            )
            return StaffSession(opened.token, opened.expires_at, staff_id)

        return await admitted.once(use_case, StaffSession)


class StaffSelfController(Controller):
    """The signed-in staff member and their session; no role is needed."""

    opt = serves(PrincipalKind.STAFF)

    @get("/me", operation_id="getMyStaffProfile", responses=problem_responses(StaffMemberNotFound))
    async def show(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> StaffProfileView:
        """Give the staff member's own name, roles and municipality."""
        async with transactions.read() as session:
            profile = await service.profile_of(session, principal)
        return staff_profile_view(profile)

    @delete("/sessions/current", operation_id="endStaffSession")
    async def end(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> None:
        """Sign out: the token is refused from now on."""
        async with transactions.write() as session:
            await end_session(session, principal, clock())
