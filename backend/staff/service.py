"""Staff members are kept, sign in, and see themselves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.login_sessions import Opened, end_sessions
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.sign_in.assertions import Assertion
from backend.kernel.sign_in.errors import SignInRefused
from backend.kernel.sign_in.queries import use_assertion
from backend.kernel.sign_in.service import start_session
from backend.kernel.tenancy import MunicipalityId
from backend.staff import queries
from backend.staff.errors import StaffMemberNotFound
from backend.staff.rules import StaffRole

NOBODY = UUID(int=0)
"""Stands in the audit log for whoever works at the server's own command line."""


@dataclass(frozen=True, slots=True)
class StaffProfile:
    """What a staff member sees of themselves."""

    staff_id: UUID
    name: str
    roles: tuple[str, ...]
    municipality: MunicipalityId


async def ensure_staff_member(
    session: WriteSession,
    municipality: MunicipalityId,
    *,
    subject: str,
    name: str,
    roles: Collection[StaffRole],
    now: datetime,
    by: Principal | None = None,
) -> UUID:
    """Make a staff member be there, enabled, with exactly these roles; a repeat changes nothing.

    `by` is who does it; left out for the command line. Sessions opened with other roles end.
    """
    wanted = sorted(role.value for role in set(roles))
    written = await queries.put_member(session, municipality, subject, name, wanted, now)
    if written is not None:
        await end_sessions(session, municipality, PrincipalKind.STAFF, [written], now)
        actor = by or Principal(PrincipalKind.SYSTEM, municipality, NOBODY, NOBODY)
        audit.record(
            session,
            actor,
            "staff_member.kept",
            ("staff_member", written),
            now=now,
            particulars={"roles": wanted},
        )
        return written
    member = await queries.enabled_member_by_subject(session, municipality, subject)
    if member is None:
        raise StaffMemberNotFound
    return member.id


async def disable_staff_member(
    session: WriteSession, municipality: MunicipalityId, *, subject: str, now: datetime
) -> None:
    """Let a staff member sign in no longer, and end their sessions at once.

    Raises:
        StaffMemberNotFound: nobody enabled here has this subject.
    """
    member = await queries.enabled_member_by_subject(session, municipality, subject)
    if member is None:
        raise StaffMemberNotFound
    member.disabled_at = now
    await end_sessions(session, municipality, PrincipalKind.STAFF, [member.id], now)
    actor = Principal(PrincipalKind.SYSTEM, municipality, NOBODY, NOBODY)
    audit.record(session, actor, "staff_member.disabled", ("staff_member", member.id), now=now)


async def sign_in(
    session: WriteSession, municipality: MunicipalityId, assertion: Assertion, now: datetime
) -> tuple[UUID, Opened]:
    """Use the assertion up and open a session with the roles the member has now.

    Raises:
        SignInRefused: used before, or nobody enabled here has this subject.
    """
    await use_assertion(session, municipality, assertion)
    member = await queries.enabled_member_by_subject(session, municipality, assertion.subject)
    if member is None:
        raise SignInRefused("person_not_recognised")
    return member.id, start_session(
        session, municipality, PrincipalKind.STAFF, member.id, now=now, roles=member.roles
    )


async def profile_of(session: ReadSession, principal: Principal) -> StaffProfile:
    """Give the staff member's own profile with the roles of this session.

    Raises:
        StaffMemberNotFound: the member has been disabled.
    """
    member = await queries.enabled_member(session, principal.municipality, principal.subject_id)
    if member is None:
        raise StaffMemberNotFound
    roles = tuple(sorted(principal.roles))
    return StaffProfile(member.id, member.name, roles, principal.municipality)
