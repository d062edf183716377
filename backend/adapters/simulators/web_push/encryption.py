"""Undoing message encryption for Web Push (RFC 8291 over RFC 8188), as a browser does."""

from dataclasses import dataclass
from hashlib import sha256
from hmac import digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_CURVE = ec.SECP256R1()
_SALT = 16
_HEADER = _SALT + 4 + 1
_PUBLIC_KEY = 65
_TAG = 16
_LAST_RECORD = 0x02


class Undecryptable(Exception):
    """A browser holding the subscription's keys could not read this body."""


@dataclass(frozen=True, slots=True)
class SubscriptionKeys:
    """What a browser keeps of one subscription; `public` is the uncompressed point."""

    private: ec.EllipticCurvePrivateKey
    public: bytes
    auth: bytes


def decrypt(body: bytes, keys: SubscriptionKeys) -> bytes:
    """Give the plaintext of an aes128gcm body of one record.

    Raises:
        Undecryptable: the body is not for these keys, or not formed as the RFCs say.
    """
    salt, record_size, sender, record = _split(body)
    if len(record) > record_size:
        raise Undecryptable("a push message is a single record (RFC 8291, 4)")
    if len(record) <= _TAG:
        raise Undecryptable("the record is too short")
    input_key = _input_key(sender, keys)
    pseudo_random = digest(salt, input_key, sha256)
    content_key = _expand(pseudo_random, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _expand(pseudo_random, b"Content-Encoding: nonce\0", 12)
    try:
        padded = AESGCM(content_key).decrypt(nonce, record, None)
    except InvalidTag:
        raise Undecryptable("the record does not open with the subscription's keys") from None
    text = padded.rstrip(b"\0")
    if not text or text[-1] != _LAST_RECORD:
        raise Undecryptable("the padding delimiter of the last record is missing")
    return text[:-1]


def _split(body: bytes) -> tuple[bytes, int, bytes, bytes]:
    if len(body) < _HEADER + _PUBLIC_KEY:
        raise Undecryptable("the body is shorter than an aes128gcm header")
    record_size = int.from_bytes(body[_SALT : _SALT + 4], "big")
    if record_size < 18:
        raise Undecryptable("the record size is below 18 (RFC 8188, 2.1)")
    if body[_HEADER - 1] != _PUBLIC_KEY:
        raise Undecryptable("the key id is not an uncompressed P-256 point")
    end = _HEADER + _PUBLIC_KEY
    return body[:_SALT], record_size, body[_HEADER:end], body[end:]


def _input_key(sender: bytes, keys: SubscriptionKeys) -> bytes:
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender)
    except ValueError:
        raise Undecryptable("the key id is not a point of P-256") from None
    shared = keys.private.exchange(ec.ECDH(), public)
    return _expand(digest(keys.auth, shared, sha256), b"WebPush: info\0" + keys.public + sender, 32)


def _expand(pseudo_random: bytes, info: bytes, length: int) -> bytes:
    """Expand as HKDF-SHA-256 does, for at most one block (RFC 5869, 2.3)."""
    return digest(pseudo_random, info + b"\x01", sha256)[:length]
