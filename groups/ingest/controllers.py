"""Feeds over HTTP, for the systems that send them; the signature says who they are."""

import re
from typing import Annotated

from litestar import Controller, Response, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, HeaderParameter

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.errors import Fault, InvalidInput, TryAgain
from backend.kernel.guards import serves
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.webhooks import WebhookRefused
from groups.ingest import service, sources
from groups.ingest.errors import (
    RegistryFeedConflict,
    RegistryFeedNotFound,
    RegistryFeedsTooMany,
    RegistryFileNotFound,
    RegistryPartTooLong,
    RegistryReportNotFound,
)
from groups.ingest.manifests import read_manifest
from groups.ingest.posted_form import PatchedFile, PutManifest
from groups.ingest.reports import REPORT_TYPE, report_of
from groups.ingest.rules import FEED_NAME, LARGEST_PART_BYTES, OFFSET
from groups.ingest.schemas import PartTaken, RegistryFeedView, feed_view
from groups.ingest.service import Part
from groups.ingest.signing import SignedRequest, provide_signed

REFUSED = (InvalidInput, WebhookRefused, RegistryFeedConflict, TryAgain)
UploadOffset = Annotated[
    str | None,
    HeaderParameter(
        name="Upload-Offset",
        description="Where in the file the part begins: as many bytes as were received before.",
    ),
]


class RegistryFeedController(Controller):
    """Where other systems deliver feeds of the registry, in parts."""

    path = "/registry/{feed:str}"
    opt = serves(PrincipalKind.SYSTEM)
    dependencies = {"signed": Provide(provide_signed)}  # noqa: RUF012 - the framework's protocol

    @put(
        operation_id="openRegistryFeed",
        operation_class=PutManifest,
        request_max_body_size=65_536,
        responses=problem_responses(*REFUSED, RegistryFeedNotFound, RegistryFeedsTooMany),
    )
    async def open(
        self,
        feed: FromPath[str],
        signed: NamedDependency[SignedRequest],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> RegistryFeedView:
        """Open a feed by its manifest; the same id with the same manifest is the same feed."""
        now = clock()
        async with database.write((signed.sender.municipality,)) as session:
            source = await sources.recognise(
                session, signed.sender, signed.message, vault=vault, now=now
            )
            manifest = read_manifest(signed.body)
            found = await service.open_feed(session, source, _name(feed), manifest, now)
        return feed_view(found)

    @patch(
        "/files/{file:str}",
        operation_id="sendRegistryFilePart",
        operation_class=PatchedFile,
        request_max_body_size=LARGEST_PART_BYTES,
        responses=problem_responses(
            *REFUSED, RegistryFeedNotFound, RegistryFileNotFound, RegistryPartTooLong
        ),
    )
    async def take(
        self,
        feed: FromPath[str],
        file: FromPath[str],
        signed: NamedDependency[SignedRequest],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
        offset: UploadOffset = None,
    ) -> Response[PartTaken]:
        """Take the next part of a file, at most 8 MiB; a part that was taken before is no fault."""
        async with database.write((signed.sender.municipality,)) as session:
            source = await sources.recognise(
                session, signed.sender, signed.message, vault=vault, now=clock()
            )
            part = Part(file, _offset(offset), signed.body)
            end = await service.take_part(session, source, feed, part, vault)
        return Response(PartTaken(end), headers={"Upload-Offset": str(end)})

    @post(
        "/complete",
        operation_id="completeRegistryFeed",
        status_code=202,
        responses=problem_responses(*REFUSED, RegistryFeedNotFound),
    )
    async def complete(
        self,
        feed: FromPath[str],
        signed: NamedDependency[SignedRequest],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> RegistryFeedView:
        """Check sizes and SHA-256 of all files, and have the feed imported after earlier ones."""
        now = clock()
        async with database.write((signed.sender.municipality,)) as session:
            source = await sources.recognise(
                session, signed.sender, signed.message, vault=vault, now=now
            )
            found = await service.shown(session, source, feed)
        await service.complete(database, found, vault=vault, now=now)
        async with database.read((signed.sender.municipality,)) as session:
            return feed_view(await service.shown(session, source, feed))

    @get(
        operation_id="getRegistryFeed",
        responses=problem_responses(*REFUSED, RegistryFeedNotFound),
    )
    async def show(
        self,
        feed: FromPath[str],
        signed: NamedDependency[SignedRequest],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> RegistryFeedView:
        """Tell where a feed stands: bytes received, and what became of its rows."""
        async with database.write((signed.sender.municipality,)) as session:
            source = await sources.recognise(
                session, signed.sender, signed.message, vault=vault, now=clock()
            )
            return feed_view(await service.shown(session, source, feed))

    @get(
        "/report",
        operation_id="getRegistryFeedReport",
        media_type=REPORT_TYPE,
        responses=problem_responses(*REFUSED, RegistryFeedNotFound, RegistryReportNotFound),
    )
    async def report(
        self,
        feed: FromPath[str],
        signed: NamedDependency[SignedRequest],
        database: NamedDependency[Database],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> Response[bytes]:
        """Give every fault of the feed's rows as CSV: file, line, column and reason, no values."""
        async with database.write((signed.sender.municipality,)) as session:
            source = await sources.recognise(
                session, signed.sender, signed.message, vault=vault, now=clock()
            )
            found = await service.shown(session, source, feed)
        return Response(report_of(found.feed), media_type=REPORT_TYPE)


def _name(feed: str) -> str:
    """Check the name that a sender gives a feed."""
    if not re.search(FEED_NAME, feed):
        fault = Fault("/feed", "invalid_value", "1 to 64 of A-Z a-z 0-9 . _ -")
        raise InvalidInput(faults=(fault,))
    return feed


def _offset(text: str | None) -> int:
    if text is None or not OFFSET.fullmatch(text):
        fault = Fault("/Upload-Offset", "invalid_value", "An integer from 0 is expected")
        raise InvalidInput(faults=(fault,))
    return int(text)
