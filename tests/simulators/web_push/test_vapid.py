"""Who may push to a subscription."""

from collections.abc import Awaitable, Callable, Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from backend.adapters.simulators.control_client import ControlClient
from backend.kernel.clock import Clock

Push = Callable[..., Awaitable[tuple[int, Mapping[str, str]]]]
Authorization = Callable[..., str]


async def test_a_header_may_be_used_again_until_it_expires(
    push: Push, authorization: Authorization, advance: Callable[[float], None]
) -> None:
    headers = {"Authorization": authorization()}
    assert [(await push(headers=headers))[0] for _ in range(2)] == [201, 201]
    advance(12 * 3600 + 1)
    assert (await push(headers=headers))[0] == 403


async def test_without_vapid_the_service_asks_for_it(push: Push) -> None:
    status, headers = await push(headers={"Authorization": None})
    assert (status, headers["WWW-Authenticate"]) == (401, "vapid")


async def test_an_audience_that_is_not_this_service_is_refused(
    push: Push, authorization: Authorization
) -> None:
    header = authorization(aud="https://push.example.invalid")
    assert (await push(headers={"Authorization": header}))[0] == 403


@pytest.mark.parametrize("seconds", [-1, 24 * 3600 + 60])
async def test_an_expiry_in_the_past_or_over_24_hours_away_is_refused(
    push: Push, authorization: Authorization, clock: Clock, seconds: int
) -> None:
    header = authorization(exp=int(clock().timestamp()) + seconds)
    assert (await push(headers={"Authorization": header}))[0] == 403


async def test_a_token_not_signed_by_the_key_it_names_is_refused(
    push: Push, authorization: Authorization
) -> None:
    header = authorization(signer=ec.generate_private_key(ec.SECP256R1()))
    assert (await push(headers={"Authorization": header}))[0] == 403


async def test_a_key_other_than_the_subscriptions_is_refused(
    push: Push, authorization: Authorization
) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    header = authorization(signer=stranger, named=stranger)
    assert (await push(headers={"Authorization": header}))[0] == 403


async def test_a_subscription_without_a_key_takes_any(
    push: Push,
    authorization: Authorization,
    encrypt: Callable[..., bytes],
    web_push_control: ControlClient,
) -> None:
    (open_to_all,) = await web_push_control.new_subscriptions(1)
    stranger = ec.generate_private_key(ec.SECP256R1())
    header = authorization(signer=stranger, named=stranger)
    body = encrypt(to=open_to_all)
    status, _ = await push(to=open_to_all.endpoint, body=body, headers={"Authorization": header})
    assert status == 201


@pytest.mark.parametrize("header", ["Bearer x", "vapid t=x", "vapid t=x,k=AAAA", "vapid k=,t=,"])
async def test_a_malformed_header_is_refused(push: Push, header: str) -> None:
    assert (await push(headers={"Authorization": header}))[0] == 403
