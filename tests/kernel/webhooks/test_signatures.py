"""Standard Webhooks: who may sign, for how long, and that nothing signed can be changed."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.kernel.webhooks import (
    SignedMessage,
    WebhookRefused,
    check_freshness,
    check_signature,
    new_secret,
    sign,
    signed_headers,
)

UNHURRIED = settings(deadline=None)
"""The cores are shared: how long one example takes says nothing."""

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECRET, OTHER = new_secret(), new_secret()
BODY = b'{"id": "1"}'


def message(secrets: Sequence[str] = (SECRET,), body: bytes = BODY) -> SignedMessage:
    """Sign a message as a sender would."""
    headers = signed_headers("msg_1", NOW, body, secrets)
    return SignedMessage(
        headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body
    )


def refusal(signed: SignedMessage, secrets: Sequence[str] = (SECRET,), now: datetime = NOW) -> str:
    """Give the code with which a message is refused, or `taken`."""
    try:
        check_freshness(signed, now)
        check_signature(signed, secrets)
    except WebhookRefused as error:
        return error.code
    return "taken"


def test_a_signature_is_the_one_of_the_published_test_vector() -> None:
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_signed_with_the_secret_is_taken() -> None:
    assert refusal(message()) == "taken"


def test_a_message_signed_with_another_secret_is_refused() -> None:
    assert refusal(message([OTHER])) == "webhook_signature_invalid"


def test_no_secret_at_all_refuses_every_message() -> None:
    assert refusal(message(), secrets=()) == "webhook_signature_invalid"


@pytest.mark.parametrize("signers", [(OTHER, SECRET), (SECRET, OTHER)])
def test_one_good_signature_among_several_is_enough_while_the_sender_rotates(
    signers: tuple[str, str],
) -> None:
    assert refusal(message(signers)) == "taken"


def test_either_secret_of_ours_is_enough_while_we_rotate() -> None:
    assert refusal(message([OTHER]), secrets=(SECRET, OTHER)) == "taken"


@pytest.mark.parametrize(
    "unsigned",
    [
        SignedMessage("", "1772443800", "v1,AAAA", BODY),
        SignedMessage("msg_1", "", "v1,AAAA", BODY),
        SignedMessage("msg_1", "1772443800", "", BODY),
    ],
)
def test_a_message_without_one_of_the_headers_is_unsigned(unsigned: SignedMessage) -> None:
    assert refusal(unsigned) == "webhook_unsigned"


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_message_of_five_minutes_before_or_ahead_is_still_taken(seconds: int) -> None:
    assert refusal(message(), now=NOW + timedelta(seconds=seconds)) == "taken"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_message_further_from_the_present_is_refused(seconds: int) -> None:
    late = refusal(message(), now=NOW + timedelta(seconds=seconds))
    assert late == "webhook_timestamp_outside_tolerance"


@pytest.mark.parametrize("timestamp", ["soon", "-1", "1e9", "٣", "9" * 13, "1772443800.0"])
def test_a_timestamp_that_is_not_seconds_is_refused(timestamp: str) -> None:
    signed = replace(message(), timestamp=timestamp)
    assert refusal(signed) == "webhook_timestamp_outside_tolerance"


def test_a_signature_of_another_version_does_not_count() -> None:
    signed = message()
    relabelled = replace(signed, signatures=signed.signatures.replace("v1,", "v1a,"))
    assert refusal(relabelled) == "webhook_signature_invalid"


@UNHURRIED
@given(place=st.integers(0, len(BODY) - 1), change=st.integers(1, 255))
def test_a_body_changed_in_any_byte_is_refused(place: int, change: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= change
    assert refusal(replace(message(), body=bytes(changed))) == "webhook_signature_invalid"


@UNHURRIED
@given(st.text(max_size=250), st.text(max_size=100))
def test_no_header_however_odd_is_anything_but_refused(message_id: str, signatures: str) -> None:
    signed = replace(message(), id=message_id, signatures=signatures)
    assert refusal(signed) in {"webhook_unsigned", "webhook_signature_invalid"}


def test_another_id_or_timestamp_than_the_signed_one_is_refused() -> None:
    later = str(int(NOW.timestamp()) + 1)
    assert refusal(replace(message(), id="msg_2")) == "webhook_signature_invalid"
    assert refusal(replace(message(), timestamp=later)) == "webhook_signature_invalid"


def test_a_new_secret_has_thirty_two_bytes_and_is_never_the_same() -> None:
    assert len(base64.b64decode(SECRET.removeprefix("whsec_"))) == 32
    assert SECRET != OTHER


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ=", "whsec_*", "whsec_" + "A" * 92])
def test_a_secret_of_a_wrong_form_is_an_error_of_whoever_keeps_it(secret: str) -> None:
    with pytest.raises(ValueError, match="webhook secret"):
        sign(secret, "msg_1", NOW, BODY)
