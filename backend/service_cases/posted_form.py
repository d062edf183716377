"""How the API description shows a body that is read raw, because its bytes are signed."""

from dataclasses import dataclass

from litestar.openapi.spec import Operation

from backend.kernel.cloud_events import MEDIA_TYPES
from backend.kernel.raw_bodies import body_of
from backend.service_cases.event_schemas import StatusEventBody


@dataclass
class PostedStatusEvent(Operation):
    """The operation that takes a status event: documents the form of its body."""

    def __post_init__(self) -> None:
        """Put the body's schema in."""
        self.request_body = body_of(StatusEventBody, MEDIA_TYPES)
