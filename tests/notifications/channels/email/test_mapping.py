"""Each SMTP reply has one meaning for us."""

import pytest

from notifications.channels.email.smtp.mapping import verdict_on
from notifications.channels.ports import Result


@pytest.mark.parametrize(
    ("code", "text", "result", "reason", "dead"),
    [
        (421, "4.7.0 slow down", Result.RETRY, "throttled", False),
        (450, "4.7.1 greylisted", Result.RETRY, "throttled", False),
        (451, "4.3.0 later", Result.RETRY, "throttled", False),
        (452, "4.2.2 mailbox full", Result.RETRY, "mailbox_full", False),
        (454, "4.7.0 TLS not available", Result.RETRY, "provider_unavailable", False),
        (552, "5.2.2 mailbox full", Result.RETRY, "mailbox_full", False),
        (550, "5.1.1 no such user", Result.FAILED, "endpoint_dead", True),
        (550, "5.1.2 no such host", Result.FAILED, "endpoint_dead", True),
        (556, "5.1.10 null MX", Result.FAILED, "endpoint_dead", True),
        (550, "5.1.11 unheard of", Result.FAILED, "refused", False),
        (550, "No such user", Result.FAILED, "refused", False),
        (554, "5.6.0 content", Result.FAILED, "refused", False),
    ],
)
def test_a_reply_has_one_meaning(
    code: int, text: str, result: Result, reason: str, *, dead: bool
) -> None:
    verdict = verdict_on(code, text)
    assert (verdict.result, verdict.reason, verdict.is_dead) == (result, reason, dead)
    assert not verdict.is_ours


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        (550, "5.7.1 policy", "policy"),
        (554, "5.7.26 unauthenticated mail", "policy"),
        (535, "5.7.8 bad password", "credentials_refused"),
        (530, "5.7.0 log in first", "credentials_refused"),
    ],
)
def test_a_refusal_of_us_is_an_alarm_and_keeps_the_address(
    code: int, text: str, reason: str
) -> None:
    verdict = verdict_on(code, text)
    assert verdict.is_ours
    assert verdict.reason == reason
    assert not verdict.is_dead
