"""Decryption against the example of RFC 8291, and bodies no browser would read."""

from base64 import urlsafe_b64decode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.adapters.simulators.web_push.encryption import (
    SubscriptionKeys,
    Undecryptable,
    decrypt,
)

# Source: RFC 8291, 5 and appendix A.
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
USER_AGENT_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
USER_AGENT_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
TEXT = b"When I grow up, I want to be a watermelon"


def raw(text: str) -> bytes:
    """Read base64url without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def keys() -> SubscriptionKeys:
    """Give the example's user agent."""
    scalar = int.from_bytes(raw(USER_AGENT_PRIVATE), "big")
    private = ec.derive_private_key(scalar, ec.SECP256R1())
    return SubscriptionKeys(private=private, public=raw(USER_AGENT_PUBLIC), auth=raw(AUTH))


def expand(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """Derive as HKDF does."""
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def body_of(padded: bytes, keys: SubscriptionKeys) -> bytes:
    """Encrypt a record, padding and all, for the keys."""
    sender = ec.derive_private_key(int(sha256(padded).hexdigest(), 16) >> 1, ec.SECP256R1())
    numbers = sender.public_key().public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    shared = sender.exchange(ec.ECDH(), keys.private.public_key())
    secret = expand(keys.auth, shared, b"WebPush: info\0" + keys.public + point, 32)
    salt = bytes(16)
    key = expand(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = expand(salt, secret, b"Content-Encoding: nonce\0", 12)
    record = AESGCM(key).encrypt(nonce, padded, None)
    return salt + (4096).to_bytes(4, "big") + b"\x41" + point + record


def test_the_example_of_the_rfc_is_read(keys: SubscriptionKeys) -> None:
    assert decrypt(raw(BODY), keys) == TEXT


def test_padding_is_taken_away(keys: SubscriptionKeys) -> None:
    assert decrypt(body_of(b"text\x02" + bytes(20), keys), keys) == b"text"


@pytest.mark.parametrize("padded", [b"text\x01", b"text", b"\0\0\0", b"text\x02\x01"])
def test_a_record_without_the_last_records_delimiter_is_refused(
    keys: SubscriptionKeys, padded: bytes
) -> None:
    with pytest.raises(Undecryptable, match="delimiter"):
        decrypt(body_of(padded, keys), keys)


@pytest.mark.parametrize(("size", "reason"), [(50, "single record"), (17, "below 18")])
def test_a_record_size_that_does_not_fit_is_refused(
    keys: SubscriptionKeys, size: int, reason: str
) -> None:
    body = bytearray(raw(BODY))
    body[16:20] = size.to_bytes(4, "big")
    with pytest.raises(Undecryptable, match=reason):
        decrypt(bytes(body), keys)


@pytest.mark.parametrize("length", [0, 16, 85, 86, 102])
def test_a_body_cut_short_is_refused(keys: SubscriptionKeys, length: int) -> None:
    with pytest.raises(Undecryptable):
        decrypt(raw(BODY)[:length], keys)
