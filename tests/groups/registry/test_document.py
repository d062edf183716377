"""The document for other systems says what the import does."""

import pytest

from groups.public import feed_document
from groups.registry.feed.columns import Column, FeedFile
from groups.registry.feed.faults import FAULTS
from groups.registry.feed.files import FILES


@pytest.mark.parametrize("feed", FILES, ids=lambda feed: feed.name)
def test_every_column_stands_in_the_document_with_its_form(feed: FeedFile) -> None:
    section = feed_document().split(f"### {feed.name}\n")[1].split("###")[0]

    def line(column: Column) -> str:
        return f"| `{column.name}`{'*' if column.required else ''} | {column.meaning} |"

    assert all(line(column) in section for column in feed.columns)


def test_every_reason_has_a_text_in_latvian_and_in_english() -> None:
    assert all(reason.lv and reason.en and reason.lv != reason.en for reason in FAULTS.values())


def test_every_key_is_required() -> None:
    for feed in FILES:
        required = {column.name for column in feed.columns if column.required}
        assert required.issuperset(feed.key), feed.name
