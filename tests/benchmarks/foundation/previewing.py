"""How long a communicator waits for the count of a rule: over HTTP, and in the evaluator alone."""

import time
from collections.abc import Awaitable, Callable
from datetime import date

from aiohttp import ClientSession
from sqlalchemy import text

from backend.demo import texts
from backend.demo.api import Api
from backend.demo.parents import parents_of
from backend.kernel.clock import civil_day
from backend.kernel.ids import new_id
from backend.kernel.login_sessions import open_session
from backend.kernel.principals import PrincipalKind
from backend.kernel.territories.register import ZONE
from backend.staff.public import StaffRole
from groups.evaluation.ports import Question
from groups.evaluation.sql import SqlEvaluator
from groups.language.decode import decode
from tests.benchmarks.foundation.ground import MUNICIPALITY, Ground
from tests.benchmarks.harness.figures import Figure, Peer, Promise, at_most
from tests.benchmarks.harness.series import percentile

TIMES = 60
UNCOUNTED = 3
"""Calls before the first that counts: connections, prepared statements, caches."""
MOST_MS = 1000
"""Somebody waits for it while writing a rule: longer than a second breaks their thought."""

BY_HAND = text("""
SELECT count(DISTINCT parent.resident_id)
FROM guardianship AS link
JOIN resident_fact AS child
  ON child.municipality_id = link.municipality_id AND child.resident_id = link.child_id
JOIN resident_fact AS parent
  ON parent.municipality_id = link.municipality_id AND parent.resident_id = link.guardian_id
JOIN address ON address.municipality_id = parent.municipality_id AND address.id = parent.address_id
WHERE link.municipality_id = :municipality AND link.closed_on IS NULL
  AND child.closed_on IS NULL AND parent.closed_on IS NULL AND address.closed_at IS NULL
  AND address.parish = :parish
  AND extract(year FROM age(CAST(:as_of AS date), child.birth_on)) BETWEEN :youngest AND :oldest
""")
"""The same question as a person would write it for this one rule."""

Count = Callable[[], Awaitable[int]]


async def measure_preview(ground: Ground) -> list[Figure]:
    """Preview "families with a child of 3 to 6 in Stopiņu pagasts" again and again."""
    as_of = civil_day(ground.clock(), ZONE)
    expected = len(parents_of(ground.place.directory / "feed", texts.PARISH, texts.AGES, as_of))
    ground.say("previewing a group over HTTP")
    async with ClientSession() as http:
        over_http = await _timed(_preview(await _communicator(ground, http)), expected)
    ground.say("counting by the evaluator alone")
    alone = await _timed(_evaluation(ground, as_of), expected)
    by_hand = await _timed(_hand_written(ground, as_of), expected)
    return [
        *_figures("preview over HTTP", over_http, promise=at_most(MOST_MS)),
        *_figures("preview, the evaluator alone", alone, by_hand=by_hand),
    ]


def _figures(
    name: str,
    milliseconds: list[float],
    *,
    promise: Promise | None = None,
    by_hand: list[float] | None = None,
) -> list[Figure]:
    figures: list[Figure] = []
    for label, share in (("p50", 0.5), ("p95", 0.95)):
        value, bound = percentile(milliseconds, share), promise if label == "p95" else None
        rival = "hand-written SQL for this one rule"
        peers = (Peer(rival, percentile(by_hand, share), "ms"),) if by_hand else ()
        figures.append(Figure(f"{name}, {label}", value, "ms", bound, peers=peers))
    return figures


async def _timed(count: Count, expected: int) -> list[float]:
    """Time each call in milliseconds; every answer must be the right one."""
    found: list[float] = []
    for _ in range(UNCOUNTED + TIMES):
        began = time.perf_counter()
        members = await count()
        found.append((time.perf_counter() - began) * 1000)
        if members != expected:
            raise RuntimeError(f"counted {members} residents, there are {expected}")
    return found[UNCOUNTED:]


async def _communicator(ground: Ground, http: ClientSession) -> Api:
    """Sign a communicator in."""
    kind, roles = PrincipalKind.STAFF, [StaffRole.COMMUNICATOR]
    async with ground.database.write([MUNICIPALITY]) as session:
        now = ground.clock()
        opened = open_session(session, MUNICIPALITY, kind, new_id(), now=now, roles=roles)
    return Api(http, ground.place.api.url, opened.token)


def _preview(api: Api) -> Count:
    async def count() -> int:
        body = {"rule": texts.RULE, "purpose": "safety"}
        shown = await api.post("/staff/v1/groups/preview", body)
        return int(shown["count"])

    return count


def _evaluation(ground: Ground, as_of: date) -> Count:
    evaluator, rule = SqlEvaluator(), decode(texts.RULE)

    async def count() -> int:
        async with ground.database.read([MUNICIPALITY]) as session:
            found = await evaluator.members(session, Question((MUNICIPALITY,), rule, as_of))
            return len(found.slots)

    return count


def _hand_written(ground: Ground, as_of: date) -> Count:
    values = {
        "municipality": MUNICIPALITY,
        "parish": texts.PARISH,
        "as_of": as_of,
        "youngest": texts.AGES.start,
        "oldest": texts.AGES.stop - 1,
    }

    async def count() -> int:
        async with ground.database.read([MUNICIPALITY]) as session:
            return await session.scalar(BY_HAND, values) or 0

    return count
