"""Idempotency keys: one intention of a caller has one effect, and one answer.

The answer is kept (sealed) in the transaction of the effect, so both exist or neither does.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import HeaderParameter
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions, WriteSession
from backend.kernel.errors import DomainError, Kind, Text
from backend.kernel.models import Base, TenantOwned, personal
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId

T = TypeVar("T")
SHORTEST, LONGEST = 16, 128
SEAL_LABEL = "idempotency_key.answer"


class IdempotencyKeyFaulty(DomainError):
    """The Idempotency-Key header is missing or of a wrong form."""

    kind = Kind.INVALID
    titles: ClassVar[Mapping[str, Text]] = {
        "idempotency_key_missing": Text(
            lv="Trūkst galvenes Idempotency-Key", en="The Idempotency-Key header is missing"
        ),
        "idempotency_key_invalid": Text(
            lv="Idempotency-Key jābūt 16 līdz 128 drukājamām rakstzīmēm",
            en="Idempotency-Key must be 16 to 128 printable characters",
        ),
    }


class IdempotencyKeyReused(DomainError):
    """The key already stands for another request of the same caller."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "idempotency_key_reused": Text(
            lv="Idempotency-Key jau izmantota citam pieprasījumam",
            en="The Idempotency-Key already stands for another request",
        )
    }


class IdempotencyKey(TenantOwned, Base):
    """One intention of one caller and the answer it got; kept for 48 hours."""

    __tablename__ = "idempotency_key"

    scope: Mapped[str] = mapped_column(SqlText, primary_key=True)
    key: Mapped[str] = mapped_column(SqlText, primary_key=True)
    request_digest: Mapped[bytes]
    status: Mapped[int]
    answer_sealed: Mapped[bytes] = mapped_column(info=personal("48 hours"))
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Once:
    """Runs a use case at most once for the caller's key; a repeat gets the first answer."""

    transactions: Transactions
    vault: Vault
    clock: Clock
    municipality: MunicipalityId
    scope: str
    key: str
    request_digest: bytes

    async def __call__(
        self, use_case: Callable[[WriteSession], Awaitable[T]], answer: type[T], status: int = 201
    ) -> Response[T]:
        """Run `use_case` in a transaction, or replay what it answered before.

        Raises:
            IdempotencyKeyReused: the key stands for another method, path or body.
        """
        async with self.transactions.write() as session:
            if (earlier := await self._claim(session)) is None:
                content, replayed = await use_case(session), False
                await self._keep(session, content, status)
            else:
                plain = self.vault.open(earlier.answer_sealed, label=SEAL_LABEL)
                content, replayed = msgspec.json.decode(plain, type=answer), True
                status = earlier.status
        headers = {"idempotency-replayed": "true"} if replayed else {}
        return Response(content, status_code=status, headers=headers)

    async def _claim(self, session: WriteSession) -> IdempotencyKey | None:
        """Insert the key; a concurrent holder is waited for, and what it kept is returned."""
        claim = (
            insert(IdempotencyKey)
            .values(
                municipality_id=self.municipality,
                scope=self.scope,
                key=self.key,
                request_digest=self.request_digest,
                status=0,
                answer_sealed=b"",
                created_at=self.clock(),
            )
            .on_conflict_do_nothing()
            .returning(IdempotencyKey.key)
        )
        if await session.scalar(claim) is not None:
            return None
        row = await self._find(session)
        if row is None or row.request_digest != self.request_digest:
            raise IdempotencyKeyReused
        return row

    async def _keep(self, session: WriteSession, content: object, status: int) -> None:
        row = await self._find(session)
        if row is None:
            raise RuntimeError("the claimed idempotency key is gone")
        row.status = status
        plain = msgspec.json.encode(content).decode()
        row.answer_sealed = self.vault.seal(plain, label=SEAL_LABEL)

    async def _find(self, session: WriteSession) -> IdempotencyKey | None:
        return await session.get(IdempotencyKey, (self.municipality, self.scope, self.key))


IdempotencyKeyHeader = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="The caller's name for one intention; a repeat gets the first answer.",
        min_length=SHORTEST,
        max_length=LONGEST,
    ),
]


async def request_digest(request: Request[Principal, str, State]) -> bytes:
    """Digest what the key stands for: method, path and body."""
    body = hashlib.sha256(await request.body()).digest()
    head = f"{request.method} {request.scope['path']}?{request.url.query}".encode()
    return hashlib.sha256(head + b"\n" + body).digest()


def checked_key(key: str | None) -> str:
    """Accept a key of 16 to 128 printable ASCII characters.

    Raises:
        IdempotencyKeyFaulty: missing, too short, too long, or not printable.
    """
    if key is None:
        raise IdempotencyKeyFaulty("idempotency_key_missing")
    if not SHORTEST <= len(key) <= LONGEST or not (key.isascii() and key.isprintable()):
        raise IdempotencyKeyFaulty("idempotency_key_invalid")
    return key
