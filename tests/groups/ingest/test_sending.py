"""Sending a feed: parts come in order, may be said again, and everything is checked at the end."""

import asyncio
import gzip

import pytest

from tests.groups.ingest.exporter import PETS, Exporter, Feed

CONTENT = PETS + b"".join(b"M%d,01019010001,dog\n" % number for number in range(400))


def small() -> Feed:
    """Give a feed of one file."""
    return Feed({"pets.csv": CONTENT})


async def test_a_feed_is_announced_sent_in_parts_and_queued(exporter: Exporter) -> None:
    await exporter.upload("feed-1", small(), part_bytes=1000)
    shown = await exporter.show("feed-1")
    assert (shown["state"], shown["files"][0]["received"]) == ("receiving", len(CONTENT))
    answer = await exporter.complete("feed-1")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert (await exporter.complete("feed-1")).json()["completedAt"] == "2026-11-20T09:00:00Z"


async def test_the_same_manifest_is_the_same_feed_and_another_is_refused(
    exporter: Exporter,
) -> None:
    await exporter.open("feed-1", small())
    await exporter.patch("feed-1", "pets.csv", 0, CONTENT[:10])
    # The same instant, written in another zone.
    again = Feed({"pets.csv": CONTENT}, produced_at="2026-11-20T03:00:00Z")
    answer = await exporter.open("feed-1", again)
    assert (answer.status_code, answer.json()["files"][0]["received"]) == (200, 10)
    other = await exporter.open("feed-1", Feed({"pets.csv": CONTENT + b"\n"}))
    assert (other.status_code, other.json()["code"]) == (409, "registry_manifest_differs")


async def test_two_openings_at_once_make_one_feed(exporter: Exporter) -> None:
    answers = await asyncio.gather(*(exporter.open("feed-1", small()) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4


async def test_a_part_at_a_wrong_place_is_told_the_right_one(exporter: Exporter) -> None:
    await exporter.open("feed-1", small())
    await exporter.patch("feed-1", "pets.csv", 0, CONTENT[:100])
    answer = await exporter.patch("feed-1", "pets.csv", 200, CONTENT[200:300])
    assert (answer.status_code, answer.json()["code"]) == (409, "registry_offset_mismatch")
    assert answer.json()["errors"] == [{"pointer": "", "code": "expected_offset", "detail": "100"}]
    overlapping = await exporter.patch("feed-1", "pets.csv", 50, CONTENT[50:150])
    assert overlapping.json()["code"] == "registry_offset_mismatch"


async def test_a_part_said_again_is_taken_and_other_bytes_in_its_place_are_not(
    exporter: Exporter,
) -> None:
    await exporter.open("feed-1", small())
    for start in (0, 100, 200):
        await exporter.patch("feed-1", "pets.csv", start, CONTENT[start : start + 100])
    for start, end in ((0, 100), (200, 300), (50, 250), (300, 300)):
        answer = await exporter.patch("feed-1", "pets.csv", start, CONTENT[start:end])
        assert (answer.status_code, answer.json()) == (200, {"offset": 300}), (start, end)
    answer = await exporter.patch("feed-1", "pets.csv", 0, b"x" * 100)
    assert (answer.status_code, answer.json()["code"]) == (409, "registry_part_differs")


async def test_two_parts_for_one_place_race_and_one_is_taken(exporter: Exporter) -> None:
    await exporter.open("feed-1", small())
    parts = (CONTENT[:100], b"x" * 100)
    answers = await asyncio.gather(
        *(exporter.patch("feed-1", "pets.csv", 0, part) for part in parts)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_files_that_were_not_announced_are_not_found(exporter: Exporter) -> None:
    await exporter.open("feed-1", small())
    answer = await exporter.patch("feed-1", "residents.csv", 0, b"x")
    assert (answer.status_code, answer.json()["code"]) == (404, "registry_file_not_found")
    answer = await exporter.patch("feed-2", "pets.csv", 0, b"x")
    assert (answer.status_code, answer.json()["code"]) == (404, "registry_feed_not_found")


async def test_a_part_beyond_the_end_or_over_8_mebibytes_is_too_large(exporter: Exporter) -> None:
    big = b"x" * (8 * 1024 * 1024 + 1)
    await exporter.open("feed-1", small())
    await exporter.open("feed-2", Feed({"pets.csv": big}))
    beyond = await exporter.patch("feed-1", "pets.csv", 0, CONTENT + b"x")
    assert (beyond.status_code, beyond.json()["code"]) == (413, "registry_part_too_long")
    whole = await exporter.patch("feed-2", "pets.csv", 0, big)
    assert (whole.status_code, whole.json()["code"]) == (413, "too_large")
    assert (await exporter.patch("feed-2", "pets.csv", 0, big[:-1])).status_code == 200


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "x", "9" * 13])
async def test_the_offset_is_a_number(exporter: Exporter, offset: str) -> None:
    await exporter.open("feed-1", small())
    answer = await exporter.patch("feed-1", "pets.csv", offset, b"x")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_a_feed_that_is_not_whole_is_not_completed(exporter: Exporter) -> None:
    feed = Feed({"addresses.csv": b"ref,parish\n", "pets.csv": CONTENT})
    await exporter.open("feed-1", feed)
    await exporter.patch("feed-1", "addresses.csv", 0, b"ref,parish\n")
    await exporter.patch("feed-1", "pets.csv", 0, CONTENT[:-1])
    answer = await exporter.complete("feed-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "registry_file_incomplete")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/files/1"]
    assert (await exporter.show("feed-1"))["state"] == "receiving"


async def test_a_file_with_another_hash_is_sent_again_from_its_beginning(
    exporter: Exporter,
) -> None:
    feed = Feed({"addresses.csv": b"ref,parish\n", "pets.csv": CONTENT})
    await exporter.open("feed-1", feed)
    await exporter.patch("feed-1", "addresses.csv", 0, b"ref,parish\n")
    await exporter.patch("feed-1", "pets.csv", 0, CONTENT[:-2] + b"x\n")
    answer = await exporter.complete("feed-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "registry_hash_mismatch")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/files/1"]
    shown = await exporter.show("feed-1")
    assert [file["received"] for file in shown["files"]] == [len(b"ref,parish\n"), 0]
    assert (await exporter.deliver("feed-1", feed))["state"] == "queued"


async def test_two_completions_at_once_queue_one_import(exporter: Exporter) -> None:
    await exporter.upload("feed-1", small(), part_bytes=500)
    answers = await asyncio.gather(*(exporter.complete("feed-1") for _ in range(3)))
    assert [(each.status_code, each.json()["state"]) for each in answers] == [(202, "queued")] * 3


async def test_nothing_is_added_to_a_complete_feed(exporter: Exporter) -> None:
    await exporter.deliver("feed-1", small())
    answer = await exporter.patch("feed-1", "pets.csv", 0, CONTENT)
    assert (answer.status_code, answer.json()["code"]) == (409, "registry_feed_not_receiving")


@pytest.mark.parametrize("name", ["a" * 65, "a b", "ā", "a%2Fb"])
async def test_a_feed_has_a_plain_name(exporter: Exporter, name: str) -> None:
    answer = await exporter.open(name, small())
    assert answer.status_code in {400, 401, 404}


async def test_a_name_that_no_feed_can_have_is_not_found(exporter: Exporter) -> None:
    answer = await exporter.send("GET", "a\x00b", wire_path="a%00b")
    assert (answer.status_code, answer.json()["code"]) == (404, "registry_feed_not_found")


FAULTY: tuple[tuple[dict[str, object], str], ...] = (
    ({"municipality": "Ropaži"}, "/municipality"),
    ({"producedAt": "2026-11-20T05:00:00"}, "/producedAt"),
    ({"format": "novads-registry-feed/2"}, "/format"),
    ({"form": "partial"}, "/form"),
    ({"files": []}, "/files"),
    ({"files": [{"name": "pets.csv", "bytes": 1, "sha256": "x"}]}, "/files/0/sha256"),
    ({"files": [{"name": "people.csv", "bytes": 1, "sha256": "0" * 64}]}, "/files/0/name"),
    ({"files": [{"name": "pets.csv", "bytes": 2**40, "sha256": "0" * 64}]}, "/files"),
    ({"comment": "x"}, "/comment"),
)


@pytest.mark.parametrize(("changes", "pointer"), FAULTY)
async def test_a_faulty_manifest_is_refused_with_the_place_of_the_fault(
    exporter: Exporter, changes: dict[str, object], pointer: str
) -> None:
    answer = await exporter.open("feed-1", Feed({"pets.csv": CONTENT}, changes=changes))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


async def test_a_file_is_announced_in_one_form_only(exporter: Exporter) -> None:
    twice = Feed({"pets.csv": CONTENT, "pets.csv.gz": gzip.compress(CONTENT)})
    answer = await exporter.open("feed-1", twice)
    assert answer.json()["errors"][0]["code"] == "file_repeated"


async def test_a_source_sends_at_most_four_feeds_at_a_time(exporter: Exporter) -> None:
    statuses = [(await exporter.open(f"feed-{n}", small())).status_code for n in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    await exporter.deliver("feed-0", small())
    assert (await exporter.open("feed-4", small())).status_code == 200
