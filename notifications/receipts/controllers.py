"""Where the SMS gateway reports deliveries."""

from datetime import datetime
from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.guards import serves
from backend.kernel.principals import PrincipalKind
from backend.kernel.problems import problem_responses
from notifications.delivery.content import Writer
from notifications.delivery.references import read_reference
from notifications.receipts.errors import ReceiptReferenceUnknown
from notifications.receipts.queries import insert_receipt
from notifications.receipts.rules import MEANING, ReportStatus


class SmsReport(Struct, forbid_unknown_fields=True, frozen=True):
    """A delivery report: the gateway's id, our reference, the status, and when it came about."""

    id: Annotated[str, Meta(min_length=1, max_length=100)]
    reference: str
    status: ReportStatus
    at: datetime


@post(
    "/sms-receipts/{reference:str}",
    operation_id="reportSms",
    opt=serves(PrincipalKind.SYSTEM),
    status_code=204,
    tags=("receipts",),
    responses=problem_responses(ReceiptReferenceUnknown),
)
async def report_sms(
    reference: FromPath[str],
    data: JSONBody[SmsReport],
    database: NamedDependency[Database],
    writer: NamedDependency[Writer],
    clock: NamedDependency[Clock],
) -> None:
    """Take a gateway's delivery report; the unguessable reference is its authority."""
    delivery = read_reference(reference, writer.receipt_key)
    if delivery is None or data.reference != reference:
        raise ReceiptReferenceUnknown
    async with database.write((delivery.municipality,)) as session:
        insert_receipt(session, delivery, MEANING[data.status], data.id, clock())
