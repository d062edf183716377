"""The only place that reaches into what firebase-admin keeps private.

The SDK takes neither a base address nor an HTTP client. Both are attributes of its messaging
service; a test notices when they move.
"""

import firebase_admin
from firebase_admin import credentials, messaging

from backend.kernel.ids import new_id
from notifications.channels.push.fcm.transport import SdkTransport


def open_app(
    credential: credentials.Certificate, transport: SdkTransport, *, endpoint: str | None
) -> firebase_admin.App:
    """Give an app of the SDK that sends through `transport`, to `endpoint` if one is given."""
    app = firebase_admin.initialize_app(credential, name=f"novads-{new_id()}")
    service = messaging._get_messaging_service(app)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - no public way
    service._async_client = transport  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - no public way
    if endpoint is not None:
        url = f"{endpoint.rstrip('/')}/v1/projects/{credential.project_id}/messages:send"
        service._fcm_url = url  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - no public way
    return app
