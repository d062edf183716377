"""Where a resident can be reached on a channel, opened from its seal only to be sent to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import contact_points, open_contact, suppress_contact_points
from notifications.channels.ports import Channel, Endpoint
from notifications.devices.public import endpoints_of, open_endpoint, reachable, remove_dead

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

    Push goes to all of a resident's devices, mail and SMS to the first address of its kind.
    """
    if channel in DEVICES:
        sealed = await endpoints_of(session, municipality, channel, residents)
        return {
            resident: [open_endpoint(vault, endpoint) for endpoint in endpoints]
            for resident, endpoints in sealed.items()
        }
    opened: dict[UUID, Sequence[Endpoint]] = {}
    for contact in await contact_points(session, municipality, residents):
        if contact.kind == channel.value and contact.resident_id not in opened:
            opened[contact.resident_id] = [
                Endpoint(contact.id, open_contact(vault, contact.value_sealed))
            ]
    return opened


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
        await suppress_contact_points(session, municipality, dead, reason=DEAD_REASON, now=now)
