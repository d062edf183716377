"""Where a resident can be reached on a channel, opened from its seal only to be sent to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from cryptography.exceptions import InvalidTag

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.logs import logger
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import (
    SealedContact,
    contact_points,
    open_contact,
    suppress_contact_points,
)
from groups.public import note_contacts
from notifications.channels.ports import Channel, Endpoint, Misconfigured
from notifications.devices.public import endpoints_of, open_endpoint, reachable, remove_dead

LOG = logger(__name__)
DEVICES = frozenset({Channel.PUSH, Channel.WEB_PUSH})
DEAD_REASON = "refused_by_provider"


async def addresses_of(
    session: ReadSession,
    vault: Vault,
    municipality: MunicipalityId,
    channel: Channel,
    residents: Sequence[UUID],
) -> Mapping[UUID, Sequence[Endpoint]]:
    """Open the addresses of many residents on one channel; who has none is left out.

    Push goes to all of a resident's devices, mail and SMS to the first address of its kind. An
    address that cannot be opened is passed over: it must not keep those beside it.

    Raises:
        Misconfigured: none of the addresses can be opened; the key is missing or wrong.
    """
    openers = await _openers(session, vault, municipality, channel, residents)
    opened = {resident: _opened(resident, each) for resident, each in openers.items()}
    if opened and not any(opened.values()):
        raise Misconfigured("no address can be opened")
    return {resident: endpoints for resident, endpoints in opened.items() if endpoints}


Opener = Callable[[], Endpoint]


async def _openers(
    session: ReadSession,
    vault: Vault,
    municipality: MunicipalityId,
    channel: Channel,
    residents: Sequence[UUID],
) -> Mapping[UUID, Sequence[Opener]]:
    if channel in DEVICES:
        sealed = await endpoints_of(session, municipality, channel, residents)
        return {
            resident: [partial(open_endpoint, vault, endpoint) for endpoint in endpoints]
            for resident, endpoints in sealed.items()
        }
    first: dict[UUID, Sequence[Opener]] = {}
    for contact in await contact_points(session, municipality, residents):
        if contact.kind == channel.value:
            first.setdefault(contact.resident_id, [partial(_open_contact, vault, contact)])
    return first


def _open_contact(vault: Vault, contact: SealedContact) -> Endpoint:
    return Endpoint(contact.id, open_contact(vault, contact.value_sealed))


def _opened(resident: UUID, openers: Sequence[Opener]) -> list[Endpoint]:
    endpoints: list[Endpoint] = []
    for opener in openers:
        try:
            endpoints.append(opener())
        except (InvalidTag, KeyError, ValueError, IndexError) as error:
            LOG.error("address_unreadable", failure=error, resident=resident)
    return endpoints


async def reach_of(
    session: ReadSession, municipality: MunicipalityId, residents: Sequence[UUID]
) -> Mapping[Channel, Collection[UUID]]:
    """Tell, for each channel, which of many residents have an address on it."""
    contacts = await contact_points(session, municipality, residents)
    by_kind = {
        channel: {contact.resident_id for contact in contacts if contact.kind == channel.value}
        for channel in (Channel.EMAIL, Channel.SMS)
    }
    return {**by_kind, **await reachable(session, municipality, residents)}


async def bury(
    session: WriteSession,
    municipality: MunicipalityId,
    channel: Channel,
    dead: Collection[UUID],
    now: datetime,
) -> None:
    """Remove addresses that the provider declared dead."""
    if not dead:
        return
    if channel in DEVICES:
        await remove_dead(session, municipality, channel, dead, now, DEAD_REASON)
    else:
        residents = await suppress_contact_points(
            session, municipality, dead, reason=DEAD_REASON, now=now
        )
        if residents:
            await note_contacts(session, municipality, residents, now)
