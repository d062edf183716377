"""What we reach into in firebase-admin is still there, and still does what we need."""

import json
from collections.abc import Callable
from pathlib import Path

import firebase_admin
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from firebase_admin import messaging

from notifications.channels.ports import Misconfigured, Result
from notifications.channels.push.fcm.sender import fcm_sender
from tests.notifications.channels.servers import RawServing, Write


@pytest.fixture
def key_file(tmp_path: Path) -> Callable[[str], Path]:
    """Write a service account's file for a token endpoint."""
    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

    def writing(token_uri: str) -> Path:
        path = tmp_path / "key.json"
        account = {
            "type": "service_account",
            "project_id": "novads-test",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "client_email": "test@novads-test.invalid",
            "token_uri": token_uri,
        }
        path.write_text(json.dumps(account))
        return path

    return writing


def answer(status: str, body: object, *headers: str) -> bytes:
    """Write an HTTP answer."""
    content = json.dumps(body).encode()
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content


TOKEN = answer("200 OK", {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})
TAKEN = answer("200 OK", {"name": "projects/novads-test/messages/1"})


def test_the_sdk_is_the_major_version_whose_inside_we_know() -> None:
    assert firebase_admin.__version__.split(".")[0] == "7"


def test_the_service_keeps_its_address_and_its_client_where_we_replace_them(
    key_file: Callable[[str], Path],
) -> None:
    credential = firebase_admin.credentials.Certificate(str(key_file("http://127.0.0.1:9/token")))
    app = firebase_admin.initialize_app(credential, name="looked-into")
    try:
        service = messaging._get_messaging_service(app)
        assert (
            vars(service)["_fcm_url"]
            == "https://fcm.googleapis.com/v1/projects/novads-test/messages:send"
        )
        assert callable(vars(service)["_async_client"].request)
    finally:
        firebase_admin.delete_app(app)


async def test_everything_goes_to_the_given_address_and_the_token_is_asked_for_once(
    raw_http: RawServing, key_file: Callable[[str], Path], write: Write
) -> None:
    async with raw_http([TOKEN]) as oauth, raw_http([TAKEN]) as fcm:
        sender = fcm_sender(key_file(f"{oauth.url}/token"), endpoint=fcm.url, concurrency=2)
        outcomes = await sender.send([write("one"), write("two"), write("three")])
        await sender.close()
    assert [outcome.result for outcome in outcomes] == [Result.ACCEPTED] * 3
    assert len(oauth.requests) == 1
    paths = {request.split(b" ")[1] for request in fcm.requests}
    assert paths == {b"/v1/projects/novads-test/messages:send"}


async def test_a_wait_given_as_a_date_is_told_in_seconds(
    raw_http: RawServing,
    key_file: Callable[[str], Path],
    write: Write,
) -> None:
    late = "Retry-After: Wed, 20 Nov 2030 12:00:00 GMT"
    refusal = answer("429 Too Many Requests", {"error": {"status": "RESOURCE_EXHAUSTED"}}, late)
    async with raw_http([TOKEN]) as oauth, raw_http([refusal]) as fcm:
        sender = fcm_sender(key_file(f"{oauth.url}/token"), endpoint=fcm.url, concurrency=1)
        (outcome,) = await sender.send([write("one")])
        await sender.close()
    assert outcome.result is Result.RETRY
    assert outcome.retry_after_seconds == 24 * 3600  # never longer than a day


async def test_an_unreachable_token_service_is_no_reason_to_give_up(
    key_file: Callable[[str], Path], write: Write, free_port: int
) -> None:
    sender = fcm_sender(
        key_file(f"http://127.0.0.1:{free_port}/token"),
        endpoint=f"http://127.0.0.1:{free_port}",
        concurrency=1,
    )
    (outcome,) = await sender.send([write("one")])
    await sender.close()
    assert (outcome.result, outcome.reason) == (Result.RETRY, "not_connected")


async def test_a_failing_token_service_is_not_asked_for_every_message(
    raw_http: RawServing, key_file: Callable[[str], Path], write: Write
) -> None:
    async with raw_http([None]) as oauth:
        sender = fcm_sender(key_file(f"{oauth.url}/token"), endpoint=oauth.url, concurrency=4)
        outcomes = await sender.send([write("one") for _ in range(50)])
        await sender.close()
    assert {outcome.reason for outcome in outcomes} == {"not_connected"}
    assert 1 <= len(oauth.requests) <= 3


def test_a_file_that_is_no_key_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text("{}")
    with pytest.raises(Misconfigured, match="not a service account"):
        fcm_sender(path, endpoint=None, concurrency=1)
