"""Cases over HTTP: posted by other systems, read by residents and officials."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath, HeaderParameter, QueryParameter
from msgspec import Struct

from backend.kernel.clock import Clock
from backend.kernel.cloud_events import MEDIA_TYPES, source_of
from backend.kernel.db import Database, Transactions
from backend.kernel.errors import InvalidInput, TryAgain
from backend.kernel.guards import serves
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.tenancy import MunicipalityId, municipality_id
from backend.kernel.webhooks import SignedMessage, WebhookRefused, check_freshness
from backend.service_cases import service
from backend.service_cases.cursors import read_cursor
from backend.service_cases.errors import CaseNotFound
from backend.service_cases.event_schemas import read_status_event
from backend.service_cases.intake import Intake, receive
from backend.service_cases.posted_form import PostedStatusEvent
from backend.service_cases.schemas import (
    CaseDetailView,
    CaseListView,
    StaffCaseView,
    case_detail_view,
    case_list_view,
    staff_case_view,
)
from backend.service_cases.sources import SOURCES
from backend.staff.public import StaffRole
from notifications.public import Policy

LARGEST_EVENT_BYTES = 65_536
Limit = Annotated[int, QueryParameter(ge=1, le=100, description="Cases on one page.")]
Before = Annotated[
    str | None, QueryParameter(max_length=200, description="`next` of the page before.")
]


class StatusEventTaken(Struct, rename="camel", frozen=True):
    """The event is taken for good; `id` is its CloudEvents id."""

    id: str


class StatusEventController(Controller):
    """Where other systems post status events; the signature says who they are."""

    path = "/{municipality:str}/status-events"
    opt = serves(PrincipalKind.SYSTEM)

    @post(
        operation_id="postStatusEvent",
        operation_class=PostedStatusEvent,
        status_code=202,
        request_max_body_size=LARGEST_EVENT_BYTES,
        responses=problem_responses(InvalidInput, WebhookRefused, TryAgain),
    )
    async def take(
        self,
        request: Request[Any, Any, State],
        municipality: FromPath[str],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
        policy: NamedDependency[Policy],
        webhook_id: Annotated[str | None, HeaderParameter(name="webhook-id")] = None,
        webhook_timestamp: Annotated[str | None, HeaderParameter(name="webhook-timestamp")] = None,
        webhook_signature: Annotated[str | None, HeaderParameter(name="webhook-signature")] = None,
    ) -> StatusEventTaken:
        """Take a signed status event of a case; the same event id again changes nothing."""
        if request.content_type[0] not in MEDIA_TYPES:
            raise HTTPException(status_code=415)
        headers = (webhook_id or "", webhook_timestamp or "", webhook_signature or "")
        message, now = SignedMessage(*headers, await request.body()), clock()
        check_freshness(message, now)
        uri, tenant = source_of(message.body), _tenant(municipality)
        async with database.write((tenant,)) as session:
            source = await SOURCES.recognise(
                session, tenant, message, vault=vault, now=now, source_uri=uri
            )
            event = read_status_event(message.body)
            await receive(session, Intake(tenant, vault, policy, now), source.id, event)
        return StatusEventTaken(event.event_id)


class ResidentCaseController(Controller):
    """The cases of the signed-in resident."""

    path = "/cases"
    opt = serves(PrincipalKind.RESIDENT)

    @get(operation_id="listMyCases", responses=problem_responses(InvalidInput))
    async def list(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        before: Before = None,
        limit: Limit = 20,
    ) -> CaseListView:
        """List the resident's cases, the most recently changed first."""
        place = None if before is None else read_cursor(before)
        async with transactions.read() as session:
            page = await service.list_cases(session, principal, before=place, limit=limit)
        return case_list_view(page)

    @get("/{case_id:uuid}", operation_id="getMyCase", responses=problem_responses(CaseNotFound))
    async def show(
        self,
        case_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        vault: NamedDependency[Vault],
    ) -> CaseDetailView:
        """Give one of the resident's cases with its timeline."""
        async with transactions.read() as session:
            found = await service.case_of_resident(session, principal, case_id, vault=vault)
        return case_detail_view(found)


class StaffCaseController(Controller):
    """Any case of the municipality, for officials; every look is written down."""

    path = "/cases"
    opt = serves(PrincipalKind.STAFF, StaffRole.OFFICIAL)

    @get("/{case_id:uuid}", operation_id="getCase", responses=problem_responses(CaseNotFound))
    async def show(
        self,
        case_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> StaffCaseView:
        """Give a case with its history; the look is kept in the audit log."""
        async with transactions.write() as session:
            found = await service.case_for_official(
                session, principal, case_id, vault=vault, now=clock()
            )
        return staff_case_view(found)


def _tenant(code: str) -> MunicipalityId:
    """Read the path's territory code; a malformed one has no sources, like an unknown one."""
    try:
        return municipality_id(code)
    except ValueError as error:
        raise WebhookRefused("webhook_signature_invalid") from error
