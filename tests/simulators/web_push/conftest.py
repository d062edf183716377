"""An application server that encrypts with pywebpush, and signs by hand."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping

import jwt
import pytest
from aiohttp import ClientSession
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pywebpush import WebPusher

from backend.adapters.simulators.control_client import BrowserSubscription, ControlClient
from backend.adapters.simulators.run import Simulators
from backend.kernel.clock import Clock

PAYLOAD = {"messageId": "m-1", "title": "Ūdens avārija", "body": "Līdz 18.00", "language": "lv"}


@pytest.fixture
def vapid_key() -> ec.EllipticCurvePrivateKey:
    """Make the application server's key."""
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def public_key() -> Callable[[ec.EllipticCurvePrivateKey], str]:
    """Write a public key as browsers are given it."""

    def writing(key: ec.EllipticCurvePrivateKey) -> str:
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return urlsafe_b64encode(point).rstrip(b"=").decode()

    return writing


@pytest.fixture
async def subscription(
    web_push_control: ControlClient,
    vapid_key: ec.EllipticCurvePrivateKey,
    public_key: Callable[[ec.EllipticCurvePrivateKey], str],
) -> BrowserSubscription:
    """Have one browser subscribe to the application server."""
    key = public_key(vapid_key)
    (made,) = await web_push_control.new_subscriptions(1, vapid_public_key=key)
    return made


@pytest.fixture
def authorization(
    simulators: Simulators,
    vapid_key: ec.EllipticCurvePrivateKey,
    public_key: Callable[[ec.EllipticCurvePrivateKey], str],
    clock: Clock,
) -> Callable[..., str]:
    """Sign a VAPID header; keywords replace its claims, `signer` and `named` its keys."""

    def signing(
        signer: ec.EllipticCurvePrivateKey = vapid_key,
        named: ec.EllipticCurvePrivateKey = vapid_key,
        **claims: object,
    ) -> str:
        usual = {
            "aud": simulators.web_push.url,
            "exp": int(clock().timestamp()) + 12 * 3600,
            "sub": "mailto:kontakti@novads.example.invalid",
        }
        token = jwt.encode({**usual, **claims}, signer, "ES256")
        return f"vapid t={token}, k={public_key(named)}"

    return signing


@pytest.fixture
def encrypt(subscription: BrowserSubscription) -> Callable[..., bytes]:
    """Encrypt for the browser as pywebpush does."""

    def encrypting(
        content: bytes = json.dumps(PAYLOAD).encode(), to: BrowserSubscription = subscription
    ) -> bytes:
        keys = {"p256dh": to.keys.p256dh, "auth": to.keys.auth}
        pusher = WebPusher({"endpoint": to.endpoint, "keys": keys})
        return pusher.encode(content, content_encoding="aes128gcm")["body"]

    return encrypting


@pytest.fixture
def push(
    http: ClientSession,
    subscription: BrowserSubscription,
    authorization: Callable[..., str],
    encrypt: Callable[..., bytes],
) -> Callable[..., Awaitable[tuple[int, Mapping[str, str]]]]:
    """Push once; `headers` replace the usual ones, None takes one away."""

    async def pushing(
        *,
        to: str = subscription.endpoint,
        body: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> tuple[int, Mapping[str, str]]:
        usual: dict[str, str | None] = {
            "Authorization": authorization(),
            "TTL": "3600",
            "Content-Encoding": "aes128gcm",
            "Urgency": "high",
            "Topic": "m-1",
            **(headers or {}),
        }
        given = {name: value for name, value in usual.items() if value is not None}
        content = encrypt() if body is None else body
        async with http.post(to, data=content, headers=given) as answer:
            return answer.status, answer.headers

    return pushing
