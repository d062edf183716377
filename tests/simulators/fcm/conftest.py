"""A sender that speaks FCM by hand: nothing of it is the product's."""

from collections.abc import Awaitable, Callable, Mapping

import jwt
import pytest
from aiohttp import ClientSession

from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import Simulators
from backend.kernel.clock import Clock

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"

Answer = tuple[int, dict[str, object], Mapping[str, str]]


@pytest.fixture
def assertion(service_account: Mapping[str, str], clock: Clock) -> Callable[..., str]:
    """Sign an assertion; keywords replace its claims, `key` its key."""

    def signing(key: str | None = None, **claims: object) -> str:
        now = int(clock().timestamp())
        usual = {
            "iss": service_account["client_email"],
            "aud": service_account["token_uri"],
            "scope": SCOPE,
            "iat": now,
            "exp": now + 3600,
        }
        return jwt.encode({**usual, **claims}, key or service_account["private_key"], "RS256")

    return signing


@pytest.fixture
def fetch_token(
    http: ClientSession, service_account: Mapping[str, str]
) -> Callable[..., Awaitable[tuple[int, dict[str, object]]]]:
    """Post an assertion to the token endpoint."""

    async def fetching(assertion: str, grant: str = GRANT) -> tuple[int, dict[str, object]]:
        form = {"grant_type": grant, "assertion": assertion}
        async with http.post(service_account["token_uri"], data=form) as answer:
            return answer.status, await answer.json()

    return fetching


@pytest.fixture
async def access_token(
    assertion: Callable[..., str],
    fetch_token: Callable[..., Awaitable[tuple[int, dict[str, object]]]],
) -> str:
    """Fetch a valid access token."""
    status, answer = await fetch_token(assertion())
    assert status == 200, answer
    return str(answer["access_token"])


@pytest.fixture
async def device(fcm_control: ControlClient) -> str:
    """Have one device registered."""
    (token,) = await fcm_control.new_tokens(1)
    return token


@pytest.fixture
def send(
    http: ClientSession, simulators: Simulators, access_token: str
) -> Callable[..., Awaitable[Answer]]:
    """Post one message; gives the status, the answer and its headers."""

    async def sending(
        message: object, *, token: str = access_token, project: str = "", **rest: object
    ) -> Answer:
        project = project or simulators.fcm.project_id
        url = f"{simulators.fcm.url}/v1/projects/{project}/messages:send"
        headers = {"Authorization": f"Bearer {token}"}
        async with http.post(url, json={"message": message, **rest}, headers=headers) as answer:
            return answer.status, await answer.json(), answer.headers

    return sending
