"""Everybody of the imported registry as recipients, each with a phone, and what they are sent."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import insert, select

from backend.demo import texts
from backend.kernel.db import WriteSession
from backend.kernel.ids import new_id
from backend.residents.tables import Resident
from notifications.channels.ports import Channel
from notifications.devices.sealing import seal_value, value_digest
from notifications.messages.rules import OUTSIDE, Kind, MessageClass
from notifications.messages.texts import LanguageTexts
from notifications.planning.requests import NewDispatch
from notifications.tables import Device
from tests.benchmarks.foundation.ground import MUNICIPALITY, Ground

TEXTS = msgspec.convert(texts.TEXTS, dict[str, LanguageTexts])
BATCH = 5_000


async def residents_with_phones(ground: Ground) -> Sequence[UUID]:
    """Register a phone for every open resident and give all of them."""
    async with ground.database.write([MUNICIPALITY]) as session:
        open_ones = select(Resident.id).where(Resident.closed_at.is_(None)).order_by(Resident.id)
        residents = (await session.scalars(open_ones)).all()
        for start in range(0, len(residents), BATCH):
            await _register(ground, session, residents[start : start + BATCH])
    return residents


async def _register(ground: Ground, session: WriteSession, residents: Sequence[UUID]) -> None:
    now = ground.clock()
    rows = [
        {
            "municipality_id": MUNICIPALITY,
            "id": new_id(),
            "endpoint_id": new_id(),
            "resident_id": resident,
            "value_sealed": seal_value(ground.vault, f"token-of-{resident.hex}"),
            "value_digest": value_digest(ground.vault, f"token-of-{resident.hex}"),
            "registered_at": now,
            "last_seen_at": now,
            "platform": "android",
            "token_kind": "fcm_token",
        }
        for resident in residents
    ]
    await session.execute(insert(Device), rows)


def news(ground: Ground, *channels: Channel) -> NewDispatch:
    """Write civic news on some channels (none named: all), never sent before."""
    return NewDispatch(
        municipality=MUNICIPALITY,
        deduplication_key=f"benchmark:{new_id()}",
        kind=Kind(MessageClass.CIVIC, None, frozenset(channels or OUTSIDE)),
        topic="roads",
        texts=TEXTS,
        link="/inbox/{message}",
        expires_at=ground.clock() + timedelta(hours=20),
    )
