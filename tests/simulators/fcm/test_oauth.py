"""The token endpoint."""

from collections.abc import Awaitable, Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

Fetch = Callable[..., Awaitable[tuple[int, dict[str, object]]]]


async def test_a_good_assertion_is_given_an_access_token(
    assertion: Callable[..., str], fetch_token: Fetch
) -> None:
    status, answer = await fetch_token(assertion())
    assert status == 200
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3600
    assert answer["access_token"]


async def test_an_assertion_signed_by_another_key_is_refused(
    assertion: Callable[..., str], fetch_token: Fetch
) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = stranger.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    status, answer = await fetch_token(assertion(key=pem))
    assert status == 400
    assert answer == {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "somebody@else.iam.gserviceaccount.com"),
        ("aud", "https://example.invalid/token"),
        ("scope", "https://www.googleapis.com/auth/drive"),
        ("exp", 1_700_000_000),
        ("iat", 4_000_000_000),
        ("exp", 4_000_000_000),
        ("exp", None),
    ],
)
async def test_an_assertion_with_a_wrong_claim_is_refused(
    assertion: Callable[..., str], fetch_token: Fetch, claim: str, value: object
) -> None:
    status, answer = await fetch_token(assertion(**{claim: value}))
    assert status == 400
    assert answer["error"] == "invalid_grant"


async def test_an_assertion_is_of_no_use_after_it_has_expired(
    assertion: Callable[..., str], fetch_token: Fetch, advance: Callable[[float], None]
) -> None:
    signed = assertion()
    advance(3601)
    status, answer = await fetch_token(signed)
    assert (status, answer["error"]) == (400, "invalid_grant")


async def test_another_grant_type_is_refused(
    assertion: Callable[..., str], fetch_token: Fetch
) -> None:
    status, answer = await fetch_token(assertion(), grant="password")
    assert (status, answer["error"]) == (400, "unsupported_grant_type")


async def test_text_that_is_no_token_is_refused(fetch_token: Fetch) -> None:
    status, answer = await fetch_token("not.a.jwt")
    assert (status, answer["error"]) == (400, "invalid_grant")
