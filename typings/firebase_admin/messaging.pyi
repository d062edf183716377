from collections.abc import Mapping
from datetime import timedelta

from firebase_admin import App
from firebase_admin.exceptions import FirebaseError

class Notification:
    def __init__(self, title: str | None = ..., body: str | None = ...) -> None: ...

class AndroidNotification:
    def __init__(self, *, tag: str | None = ...) -> None: ...

class AndroidConfig:
    def __init__(
        self,
        *,
        collapse_key: str | None = ...,
        priority: str | None = ...,
        ttl: float | timedelta | None = ...,
        notification: AndroidNotification | None = ...,
    ) -> None: ...

class Aps:
    def __init__(self, *, sound: str | None = ...) -> None: ...

class APNSPayload:
    def __init__(self, aps: Aps) -> None: ...

class APNSConfig:
    def __init__(
        self, *, headers: Mapping[str, str] | None = ..., payload: APNSPayload | None = ...
    ) -> None: ...

class Message:
    token: str | None
    fid: str | None
    def __init__(
        self,
        *,
        data: Mapping[str, str] | None = ...,
        notification: Notification | None = ...,
        android: AndroidConfig | None = ...,
        apns: APNSConfig | None = ...,
        fid: str | None = ...,
    ) -> None: ...

class SendResponse:
    @property
    def message_id(self) -> str | None: ...
    @property
    def success(self) -> bool: ...
    @property
    def exception(self) -> FirebaseError | None: ...

class BatchResponse:
    @property
    def responses(self) -> list[SendResponse]: ...

async def send_each_async(
    messages: list[Message], dry_run: bool = ..., app: App | None = ...
) -> BatchResponse: ...

class _MessagingService:
    _fcm_url: str
    _async_client: object

def _get_messaging_service(app: App | None) -> _MessagingService: ...
