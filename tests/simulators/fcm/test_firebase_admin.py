"""Google's own SDK takes the simulator for FCM."""

import asyncio
from collections.abc import Callable, Generator

import firebase_admin
import pytest
from firebase_admin import credentials, messaging

from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import Simulators

Send = Callable[[messaging.Message], str]


@pytest.fixture
def sdk(simulators: Simulators) -> Generator[Send]:
    """Point the SDK at the simulator with the service account it wrote."""
    credential = credentials.Certificate(str(simulators.fcm.service_account))
    app = firebase_admin.initialize_app(credential, name="simulators")
    service = messaging._get_messaging_service(app)
    url = f"{simulators.fcm.url}/v1/projects/{simulators.fcm.project_id}/messages:send"
    service._fcm_url = url
    yield lambda message: str(messaging.send(message, app=app))
    service._client.close()
    firebase_admin.delete_app(app)


async def test_the_sdk_signs_in_and_sends(
    sdk: Send, device: str, fcm_control: ControlClient
) -> None:
    message = messaging.Message(
        fid=device,
        notification=messaging.Notification("Virsraksts", "Teksts"),
        data={"messageId": "m-1"},
        android=messaging.AndroidConfig(collapse_key="m-1", priority="high", ttl=3600),
        apns=messaging.APNSConfig(
            headers={"apns-collapse-id": "m-1"},
            payload=messaging.APNSPayload(messaging.Aps(sound="default")),
        ),
    )
    name = await asyncio.to_thread(sdk, message)
    (arrived,) = (await fcm_control.messages()).messages
    assert (arrived["name"], arrived["title"], arrived["ttl"]) == (name, "Virsraksts", 3600)


async def test_the_sdk_recognises_a_dead_token(sdk: Send) -> None:
    with pytest.raises(messaging.UnregisteredError):
        await asyncio.to_thread(sdk, messaging.Message(fid="never-made-here"))
