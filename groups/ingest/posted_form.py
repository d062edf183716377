"""How the API description shows the bodies of feeds, which are read raw, because they are signed."""

from dataclasses import dataclass

from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema

from backend.kernel.raw_bodies import body_of
from groups.ingest.manifests import RegistryManifest

PART_TYPE = "application/octet-stream"


@dataclass
class PutManifest(Operation):
    """The operation that opens a feed: documents the form of its body."""

    def __post_init__(self) -> None:
        """Put the body's schema in."""
        self.request_body = body_of(RegistryManifest, ["application/json"])


@dataclass
class PatchedFile(Operation):
    """The operation that takes a part: its body is bytes."""

    def __post_init__(self) -> None:
        """Say so."""
        media = {PART_TYPE: OpenAPIMediaType(schema=Schema(description="At most 8 MiB."))}
        self.request_body = RequestBody(content=media, required=True)
