"""The VAPID key lasts, and one signature serves many messages."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from notifications.channels.ports import Misconfigured
from notifications.channels.web_push.vapid.keys import (
    VapidKey,
    ensure_vapid_key,
    generate_vapid_key,
    load_vapid_key,
)
from notifications.channels.web_push.vapid.signing import BadOrigin, VapidSigner
from tests.drivers.clock import SteeredClock

CONTACT = "mailto:novads@example.org"


@pytest.fixture(scope="module")
def key() -> VapidKey:
    """Give a key."""
    return generate_vapid_key()


@pytest.fixture
def signer(key: VapidKey) -> VapidSigner:
    """Give a signer."""
    return VapidSigner(key, contact=CONTACT)


def claims(authorization: str, key: VapidKey) -> dict[str, object]:
    """Verify the header's token and read its claims."""
    token = authorization.removeprefix("vapid t=").partition(",")[0]
    found: dict[str, object] = jwt.decode(
        token,
        key.private.public_key(),
        algorithms=["ES256"],
        options={"verify_aud": False, "verify_exp": False},
    )
    return found


def test_a_key_made_once_is_the_key_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "new" / "vapid.pem"
    made = ensure_vapid_key(path)
    assert ensure_vapid_key(path).public_base64url == made.public_base64url
    assert load_vapid_key(path).public_base64url == made.public_base64url
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_together_end_with_one_key(tmp_path: Path) -> None:
    path = tmp_path / "vapid.pem"
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda _: ensure_vapid_key(path).public_base64url, range(32)))
    assert len(set(keys)) == 1


def test_the_public_key_is_the_uncompressed_point_that_browsers_take(key: VapidKey) -> None:
    point = base64.urlsafe_b64decode(key.public_base64url + "=")
    assert (len(point), point[0]) == (65, 4)
    assert "=" not in key.public_base64url


@pytest.mark.parametrize("content", [None, b"", b"not a key"])
def test_a_file_that_is_no_key_is_told_at_once(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vapid.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Misconfigured, match="VAPID"):
        load_vapid_key(path)


@pytest.mark.parametrize("other", ["rsa", "p384"])
def test_a_key_of_another_kind_is_told_at_once(tmp_path: Path, other: str) -> None:
    path = tmp_path / "vapid.pem"
    private = (
        rsa.generate_private_key(65537, 2048)
        if other == "rsa"
        else ec.generate_private_key(ec.SECP384R1())
    )
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(Misconfigured, match="P-256"):
        load_vapid_key(path)


def test_the_private_key_does_not_show_in_its_own_description(key: VapidKey) -> None:
    assert "private" not in repr(key)


def test_one_signature_serves_a_push_service_until_an_hour_before_its_end(
    signer: VapidSigner, key: VapidKey, clock: SteeredClock
) -> None:
    first = signer.authorization("https://push.example.org", now=clock.now)
    later = clock.now + timedelta(hours=10, minutes=59)
    assert signer.authorization("https://push.example.org", now=later) == first
    renewed = signer.authorization("https://push.example.org", now=clock.now + timedelta(hours=11))
    assert renewed != first
    expires = claims(first, key)["exp"]
    assert isinstance(expires, int)
    assert expires == int((clock.now + timedelta(hours=12)).timestamp())


def test_each_push_service_gets_a_token_for_itself(
    signer: VapidSigner, key: VapidKey, clock: SteeredClock
) -> None:
    origins = ["https://one.example.org", "https://two.example.org:8443", "https://one.example.org"]
    headers = [signer.authorization(origin, now=clock.now) for origin in origins]
    assert [claims(header, key)["aud"] for header in headers] == origins
    assert claims(headers[0], key)["sub"] == CONTACT
    assert all(f"k={key.public_base64url}" in header for header in headers)


def test_an_origin_that_cannot_be_signed_for_is_refused(
    signer: VapidSigner, clock: SteeredClock
) -> None:
    with pytest.raises(BadOrigin):
        signer.authorization("https://[2001:db8::1]", now=clock.now)


@pytest.mark.parametrize("contact", ["", "novads@example.org", "http://example.org"])
def test_a_contact_that_is_no_contact_is_told_at_once(key: VapidKey, contact: str) -> None:
    with pytest.raises(Misconfigured, match="contact"):
        VapidSigner(key, contact=contact)
