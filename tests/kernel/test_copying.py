"""Rows written for COPY are read by PostgreSQL as what they were."""

import gc
import tracemalloc
from io import BytesIO

import asyncpg
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, Text, func, select

from backend.kernel.copying import arrays, bytes_as, flags, nullable, numbers, render
from backend.kernel.db import Database
from backend.kernel.personal_data import vault_from_secret
from backend.kernel.snapshots import copy_text, make_stages

MEGABYTE = 1_000_000

TEXTS = [
    "",
    "plain",
    "tab\there",
    "line\nbreak\r",
    "back\\slash",
    "\\N",
    "ķēde 'un' \"citi\"",
    "{}",
]
WORDS = ["", "null", "a|b-c_d", "sport|null|culture"]


async def test_every_text_comes_back(app_url: str) -> None:
    connection = await asyncpg.connect(app_url)
    try:
        await connection.execute(
            "CREATE TEMPORARY TABLE copied (n int, t text, b bytea, f boolean, w text[])"
        )
        words = [WORDS[place % len(WORDS)] for place in range(len(TEXTS))]
        marks = [text.encode() for text in TEXTS]
        odd = [bool(place % 2) for place in range(len(TEXTS))]
        columns = (
            numbers(range(len(TEXTS))),
            nullable(TEXTS),
            bytes_as(marks),
            flags(odd),
            arrays(words, "|"),
        )
        await connection.copy_to_table("copied", source=BytesIO(render(columns)), format="text")
        rows = await connection.fetch("SELECT * FROM copied ORDER BY n")
        lists = [word.split("|") if word else [] for word in words]
        expected = zip(range(len(TEXTS)), TEXTS, marks, odd, lists, strict=True)
        assert [tuple[object, ...](row) for row in rows] == [
            (n, t or None, b, f, w) for n, t, b, f, w in expected
        ]
    finally:
        await connection.close()


async def test_what_was_copied_is_not_kept_until_the_next_collection(database: Database) -> None:
    """Of a file asyncpg would leave a cycle a copy: feeds of any size took as much memory as they have."""
    stage = Table("copied", MetaData(), Column("t", Text), prefixes=["TEMPORARY"])
    async with database.write(()) as session:
        await make_stages(session, stage)
        gc.disable()
        tracemalloc.start()
        try:
            for _ in range(10):
                await copy_text(session, stage, ["t"], b"x" * 1_000 + b"\n" + b"y" * MEGABYTE)
            assert tracemalloc.get_traced_memory()[0] < MEGABYTE
        finally:
            tracemalloc.stop()
            gc.enable()
        assert await session.scalar(select(func.count()).select_from(stage)) == 20


@given(st.lists(st.text(max_size=80), max_size=5), st.text(min_size=1, max_size=100))
def test_many_at_once_are_hashed_and_sealed_as_one_by_one(texts: list[str], label: str) -> None:
    vault = vault_from_secret("many at once")
    assert vault.digest_all(texts, label=label) == [vault.digest(t, label=label) for t in texts]
    sealed = vault.seal_all(texts, label=label)
    assert [vault.open(each, label=label) for each in sealed] == texts
    assert len(set(sealed)) == len(sealed)
