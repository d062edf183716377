"""The main job end to end, judged by what the simulators received and by HTTP answers alone."""

import asyncio
import base64
import unicodedata
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.conftest import Server
from tests.e2e.conftest import database_from, installation_in
from tests.e2e.feed import Person
from tests.e2e.status import NUMBER
from tests.e2e.story import DEAD, LETTERS, READERS, TEXTS, Story, tell
from tests.e2e.town import Json, assert_balanced, states_of


@pytest.fixture(scope="module")
def story(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Do the main job once, with processes on a database of their own."""
    with database_from(server, server.template) as name:
        url = server.url(name, "novads_app")
        directory = tmp_path_factory.mktemp("main-job")
        with installation_in(directory, database_url=url) as installation:
            yield asyncio.run(tell(installation))


def language_of(person: Person) -> str:
    """Tell in which of the two languages of the texts somebody is written to."""
    return "en" if person.language == "en" else "lv"


def plain(text: str) -> str:
    """Write letters without their marks."""
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


def topic_of(message_id: str) -> str:
    """Write a message's id as the Topic of Web Push."""
    return base64.urlsafe_b64encode(UUID(message_id).bytes).rstrip(b"=").decode()


def test_the_group_is_exactly_the_families_of_the_feed(story: Story) -> None:
    expected = len(story.parents)
    assert expected >= 20, "the feed has too few such families to show anything"
    assert story.group_preview["count"] == expected
    assert story.group["members"] == {"count": expected, "fewerThan": None}
    assert story.first.preview["audience"] == expected
    assert story.first.counters["recipients"] == expected


def test_a_campaign_needs_a_second_person(story: Story) -> None:
    assert story.own_approval.endswith(": 403 approver_wrote_campaign")


def test_the_approver_sees_who_is_reached_and_what_it_costs(story: Story) -> None:
    shown = {each["channel"]: each for each in story.first.preview["channels"]}
    with_phone = sum("sms" in parent.contacts for parent in story.parents)
    with_mail = sum("email" in parent.contacts for parent in story.parents)
    assert (shown["sms"]["deliveries"], shown["email"]["deliveries"]) == (with_phone, with_mail)
    assert shown["sms"]["excluded"] == {"no_address": len(story.parents) - with_phone}
    assert story.first.preview["smsParts"] == with_phone
    assert story.first.preview["costCents"] == 4 * with_phone
    assert story.first.preview["costAsPostCents"] == 235 * len(story.parents)


@pytest.mark.parametrize(("simulator", "kind"), [("smtp", "email"), ("sms", "sms")])
def test_mail_and_text_messages_reach_every_parent_of_the_feed_once_and_nobody_else(
    story: Story, simulator: str, kind: str
) -> None:
    expected = [parent.contacts[kind] for parent in story.parents if kind in parent.contacts]
    assert Counter(each["to"] for each in story.first.arrivals[simulator]) == Counter(expected)


def test_phones_and_browsers_of_parents_alone_are_pushed_to(story: Story) -> None:
    assert story.bystander.token is not None
    tokens = [phone.token for phone in story.phones if phone.token and phone not in story.dead]
    browsers = [phone.browser.endpoint for phone in story.phones if phone.browser]
    arrivals = story.first.arrivals
    assert Counter(each["to"] for each in arrivals["fcm"]) == Counter(tokens)
    assert Counter(each["to"] for each in arrivals["web_push"]) == Counter(browsers)


def test_everybody_is_written_to_in_their_language_with_every_letter_intact(story: Story) -> None:
    assert {language_of(phone.person) for phone in story.phones} == {"lv", "en"}
    assert LETTERS in TEXTS["lv"]["inbox"]["body"]
    by_mail = {parent.contacts.get("email"): parent for parent in story.parents}
    for mail in story.first.arrivals["smtp"]:
        wanted = TEXTS[language_of(by_mail[mail["to"]])]["inbox"]
        assert (mail["title"], mail["language"]) == (
            wanted["title"],
            language_of(by_mail[mail["to"]]),
        )
        assert mail["body"].startswith(wanted["body"] + "\n")
    by_phone = {phone.token or "": phone.person for phone in story.phones}
    for push in story.first.arrivals["fcm"]:
        wanted = TEXTS[language_of(by_phone[push["to"]])]["push"]
        assert (push["title"], push["body"]) == (wanted["title"], wanted["body"])


def test_text_messages_are_written_without_the_letters_that_would_double_their_price(
    story: Story,
) -> None:
    by_number = {parent.contacts.get("sms"): parent for parent in story.parents}
    for sms in story.first.arrivals["sms"]:
        text = TEXTS[language_of(by_number[sms["to"]])]["sms"]["body"]
        assert (sms["body"], sms["encoding"], sms["parts"]) == (plain(text), "gsm7", 1)
    assert plain(TEXTS["lv"]["sms"]["body"]).startswith("Stopinu pagasta udens")


def test_the_inbox_holds_what_was_announced_and_its_id_names_it_everywhere(story: Story) -> None:
    assert len(story.readings) == READERS
    arrived = story.first.arrivals
    for reading in story.readings:
        wanted, own = TEXTS[language_of(reading.phone.person)]["inbox"], reading.item["id"]
        assert (reading.item["title"], reading.message["body"]) == (
            wanted["title"],
            wanted["body"],
        )
        assert reading.message["link"] == f"/inbox/{own}"
        named = {
            each["messageId"]
            for each in (*arrived["fcm"], *arrived["web_push"])
            if each["to"] in reading.phone.addresses
        }
        assert named == ({own} if reading.phone not in story.dead else set())


def test_a_repeated_push_would_replace_itself(story: Story) -> None:
    for push in story.first.arrivals["fcm"]:
        own = push["messageId"]
        assert (push["collapseId"], push["apnsCollapseId"]) == (own, own)
        assert push["android"]["notification"]["tag"] == own
        assert push["priority"] == "high"


def test_a_browser_decrypts_the_whole_message(story: Story) -> None:
    of_browser = {phone.browser.endpoint: phone for phone in story.phones if phone.browser}
    for push in story.first.arrivals["web_push"]:
        language, own = language_of(of_browser[push["to"]].person), push["messageId"]
        assert push["data"] == {
            "messageId": own,
            "title": TEXTS[language]["push"]["title"],
            "body": TEXTS[language]["push"]["body"],
            "link": f"{story.url}/inbox/{own}",
            "lang": language,
        }
        assert (push["topic"], push["urgency"]) == (topic_of(own), "high")


def test_delivery_reports_move_text_messages_to_delivered(story: Story) -> None:
    states = states_of(story.first.counters, "sms")
    with_phone = sum("sms" in parent.contacts for parent in story.parents)
    assert states == {
        "delivered": with_phone,
        "suppressed": len(story.parents) - with_phone,
    }


def test_dead_tokens_fail_once_and_are_not_sent_to_again(story: Story) -> None:
    assert states_of(story.first.counters, "push")["failed"] == DEAD == len(story.dead)
    living = [phone.token for phone in story.phones if phone.token and phone not in story.dead]
    assert sorted(each["to"] for each in story.second.arrivals["fcm"]) == sorted(living)
    states = states_of(story.second.counters, "push")
    assert states == {"accepted": len(living), "suppressed": len(story.parents) - len(living)}


def test_the_counters_balance(story: Story) -> None:
    for counters in (story.first.counters, story.second.counters, story.counters_after_opening):
        assert_balanced(counters)
    channels = [each["channel"] for each in story.first.counters["channels"]]
    assert sorted(channels) == ["email", "inbox", "push", "sms", "web_push"]


def test_opening_a_message_counts_once(story: Story) -> None:
    assert states_of(story.counters_after_opening, "inbox") == {
        "opened": READERS,
        "delivered": len(story.parents) - READERS,
    }


def test_the_inbox_is_walked_by_its_cursor_newest_first(story: Story) -> None:
    language = language_of(story.told.phone.person)
    service = {"lv": "Vieta bērnudārzā", "en": "A place in kindergarten"}[language]
    alert = TEXTS[language]["inbox"]["title"]
    assert [item["title"] for item in story.told.inbox] == [service, alert, alert]
    times = [item["createdAt"] for item in story.told.inbox]
    assert times == sorted(times, reverse=True)


def test_a_signed_status_event_is_seen_in_the_timeline_and_the_inbox(story: Story) -> None:
    told = story.told
    assert told.forged.endswith(": 401 webhook_signature_invalid")
    assert told.case["case"]["number"] == NUMBER
    (step,) = told.case["timeline"]
    assert step["title"] == {"lv": "Vieta piešķirta", "en": "Place granted"}
    assert step["stage"]["code"] == "decided"
    assert NUMBER in told.message["body"]
    assert told.message["link"] == f"/cases/{told.case['case']['id']}"


def test_its_nudge_shows_nothing_of_the_person_or_the_case(story: Story) -> None:
    told, person = story.told, story.told.phone.person
    nudge = {"lv": "Jauns statuss jūsu lietā", "en": "New status in your case"}
    (push,), (in_browser,) = told.nudges["fcm"], told.nudges["web_push"]
    assert (push["to"], push["title"]) == (told.phone.token, nudge[language_of(person)])
    assert in_browser["data"]["title"] == nudge[language_of(person)]
    said: list[Json] = [each for arrivals in told.nudges.values() for each in arrivals]
    secret = (person.code, person.family_name, NUMBER, "bērnudārz", "kindergarten", "piešķirt")
    for each in said:
        shown = f"{each['title']}\n{each['body']}\n{each.get('data')}"
        assert not [word for word in secret if word.lower() in shown.lower()], each
