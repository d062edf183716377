"""The inbox over HTTP, for the resident whose it is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions
from backend.kernel.guards import serves
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from notifications.channels.ports import Channel
from notifications.delivery.content import MESSAGE_PLACE, decode_texts
from notifications.inbox import queries, service
from notifications.inbox.errors import MessageNotFound, MessageWithoutAudience
from notifications.inbox.queries import InboxRow
from notifications.inbox.why import MessageWhyView, explain_message
from notifications.messages.rules import MessageClass, Severity
from notifications.messages.texts import text_for

LONGEST_PAGE = 100


class InboxItem(Struct, rename="camel", frozen=True):
    """A message as the inbox lists it."""

    id: UUID
    message_class: MessageClass
    severity: Severity | None
    topic: str
    language: str
    title: str
    created_at: datetime
    opened_at: datetime | None


class InboxPage(Struct, rename="camel", frozen=True):
    """Messages, newest first; `next` is the cursor of the following page, null at the end."""

    items: list[InboxItem]
    unopened: int
    next: UUID | None


class InboxMessage(Struct, rename="camel", frozen=True):
    """A message in full; `link` is a path of the app."""

    item: InboxItem
    body: str
    link: str


class InboxController(Controller):
    """A resident's own messages; nothing is consumed by looking."""

    path = "/inbox"
    tags = ("inbox",)
    opt = serves(PrincipalKind.RESIDENT)

    @get(operation_id="listInbox")
    async def page(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        before: Annotated[UUID | None, QueryParameter(name="before")] = None,
        limit: Annotated[int, QueryParameter(name="limit", ge=1, le=LONGEST_PAGE)] = 20,
    ) -> InboxPage:
        """List messages, newest first."""
        owner = (principal.municipality, principal.subject_id)
        async with transactions.read() as session:
            rows = await queries.page(session, *owner, before, limit + 1)
            unopened = await queries.unopened(session, *owner)
        shown = rows[:limit]
        following = shown[-1][0].id if len(rows) > limit else None
        return InboxPage([_item(row) for row in shown], unopened, following)

    @get(
        "/{message_id:uuid}",
        operation_id="getMessage",
        responses=problem_responses(MessageNotFound),
    )
    async def read(
        self,
        message_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> InboxMessage:
        """Read one message; reading it does not count as opening."""
        owner = (principal.municipality, principal.subject_id)
        async with transactions.read() as session:
            row = await queries.find(session, *owner, message_id)
        if row is None:
            raise MessageNotFound
        return _whole(row)

    @get(
        "/{message_id:uuid}/why",
        operation_id="explainMyMessage",
        responses=problem_responses(MessageNotFound, MessageWithoutAudience),
    )
    async def why(
        self,
        message_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> MessageWhyView:
        """Tell why a campaign's message was sent to the resident, by the rules as they were then."""
        async with transactions.read() as session:
            return await explain_message(session, principal, message_id)

    @put(
        "/{message_id:uuid}/opened",
        operation_id="openMessage",
        status_code=204,
        responses=problem_responses(MessageNotFound),
    )
    async def opened(
        self,
        message_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> None:
        """Say that the resident opened the message; counted once."""
        async with transactions.write() as session:
            await service.open_message(session, principal, message_id, clock())


def _item(row: InboxRow) -> InboxItem:
    message, dispatch = row
    return InboxItem(
        id=message.id,
        message_class=MessageClass(dispatch.message_class),
        severity=Severity(dispatch.severity) if dispatch.severity else None,
        topic=dispatch.topic,
        language=message.language,
        title=text_for(decode_texts(dispatch.texts), message.language, Channel.INBOX).title,
        created_at=message.created_at,
        opened_at=message.opened_at,
    )


def _whole(row: InboxRow) -> InboxMessage:
    message, dispatch = row
    text = text_for(decode_texts(dispatch.texts), message.language, Channel.INBOX)
    link = dispatch.link.replace(MESSAGE_PLACE, str(message.id))
    return InboxMessage(item=_item(row), body=text.body, link=link)
