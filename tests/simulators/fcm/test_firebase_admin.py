"""Google's own SDK takes the simulator for FCM."""

import asyncio
from collections.abc import Callable, Generator
from typing import Protocol, runtime_checkable

import firebase_admin
import pytest
from firebase_admin import credentials, messaging

from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import Simulators


@runtime_checkable
class Closable(Protocol):
    """What the SDK's HTTP client is, as far as this test needs it."""

    async def aclose(self) -> None:
        """Close the connections."""


Send = Callable[[messaging.Message], messaging.SendResponse]


@pytest.fixture
def send(simulators: Simulators) -> Generator[Send]:
    """Point the SDK at the simulator with the service account it wrote, in a loop of its own."""
    credential = credentials.Certificate(str(simulators.fcm.service_account))
    app = firebase_admin.initialize_app(credential, name="simulators")
    url = f"{simulators.fcm.url}/v1/projects/{simulators.fcm.project_id}/messages:send"
    service = messaging._get_messaging_service(app)
    service._fcm_url = url

    async def sending(message: messaging.Message) -> messaging.SendResponse:
        (response,) = (await messaging.send_each_async([message], app=app)).responses
        client = service._async_client
        assert isinstance(client, Closable)
        await client.aclose()  # in the loop its connections belong to
        return response

    yield lambda message: asyncio.run(sending(message))
    firebase_admin.delete_app(app)


async def test_the_sdk_signs_in_and_sends(
    send: Send, device: str, fcm_control: ControlClient
) -> None:
    message = messaging.Message(
        fid=device,
        notification=messaging.Notification("Virsraksts", "Saturs"),
        data={"messageId": "m-1"},
        android=messaging.AndroidConfig(collapse_key="m-1", priority="high", ttl=3600),
        apns=messaging.APNSConfig(
            headers={"apns-collapse-id": "m-1"},
            payload=messaging.APNSPayload(messaging.Aps(sound="default")),
        ),
    )
    response = await asyncio.to_thread(send, message)
    (arrived,) = (await fcm_control.messages()).messages
    assert (arrived["name"], arrived["title"]) == (response.message_id, "Virsraksts")
    assert (arrived["ttl"], arrived["priority"], arrived["collapseId"]) == (3600, "high", "m-1")


async def test_the_sdk_recognises_a_dead_token(send: Send) -> None:
    response = await asyncio.to_thread(send, messaging.Message(fid="never-made-here"))
    assert type(response.exception).__name__ == "UnregisteredError"
