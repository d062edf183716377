"""The hub as the settings describe it: policy, prices, links and the senders of each channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from backend.kernel.logs import logger
from backend.kernel.settings import Settings
from backend.kernel.territories.register import ZONE
from notifications.campaigns.preview import Tariff
from notifications.channels.email.smtp.connections import Security
from notifications.channels.email.smtp.sender import smtp_sender
from notifications.channels.ports import Channel, Misconfigured, Sender
from notifications.channels.push.fcm.sender import fcm_sender
from notifications.channels.sms.http_gateway.sender import http_gateway_sender
from notifications.channels.web_push.vapid.keys import VapidKey, ensure_vapid_key, load_vapid_key
from notifications.channels.web_push.vapid.sender import vapid_sender
from notifications.delivery.content import Writer
from notifications.messages.rules import QuietHours
from notifications.planning.requests import ChunkSizes, Policy

LOG = logger(__name__)
SECURITY_OF = {
    "smtp": Security.NONE,
    "smtps": Security.TLS,
    "smtp+starttls": Security.STARTTLS,
}
DEFAULT_SMTP_PORT = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


def policy_of(settings: Settings) -> Policy:
    """Give chunk sizes, zone and quiet hours."""
    delivery = settings.delivery
    sizes = ChunkSizes(
        delivery.chunk_push, delivery.chunk_email, delivery.chunk_sms, delivery.chunk_alert
    )
    return Policy(sizes, ZONE, QuietHours(*delivery.quiet_hours))


def tariff_of(settings: Settings) -> Tariff:
    """Give the dated prices of an SMS part and a letter."""
    return Tariff(settings.sms.part_prices, settings.delivery.letter_prices)


def writer_of(settings: Settings) -> Writer:
    """Give the writer of links and receipt references."""
    return Writer(settings.server.base_url, settings.secrets.receipt_key)


def vapid_key_of(settings: Settings) -> VapidKey | None:
    """Read the VAPID key; development makes one, production without a file has none."""
    if settings.web_push.vapid_key is not None:
        return load_vapid_key(settings.web_push.vapid_key)
    if settings.deployment.is_production:
        return None
    return ensure_vapid_key(settings.deployment.state_directory / "vapid.pem")


@dataclass(frozen=True, slots=True)
class Providers:
    """Addresses of the providers; None where a channel has none."""

    fcm_credentials: Path | None
    fcm_endpoint: str
    smtp_url: str | None
    sms_url: str | None


def providers_of(settings: Settings) -> Providers:
    """Give the providers' addresses: the configured ones, else the running simulators'."""
    fcm, simulators, host = settings.fcm, settings.simulators, "127.0.0.1"
    if not simulators.enabled:
        return Providers(fcm.credentials, fcm.endpoint, settings.smtp.url, settings.sms.url)
    account = settings.deployment.state_directory / "simulators" / "fcm-service-account.json"
    own_fcm = fcm.credentials is not None
    return Providers(
        fcm_credentials=fcm.credentials or account,
        fcm_endpoint=fcm.endpoint if own_fcm else f"http://{host}:{simulators.fcm_port}",
        smtp_url=settings.smtp.url or f"smtp://{host}:{simulators.smtp_port}",
        sms_url=settings.sms.url or f"http://{host}:{simulators.sms_port}",
    )


def senders_of(settings: Settings) -> Mapping[Channel, Sender]:
    """Make the sender of every channel that has a provider; the others are logged."""
    senders: dict[Channel, Sender] = {}
    makers = {
        Channel.PUSH: _push,
        Channel.WEB_PUSH: _web_push,
        Channel.EMAIL: _email,
        Channel.SMS: _sms,
    }
    for channel, make in makers.items():
        try:
            sender = make(settings)
        except Misconfigured as error:
            LOG.error("provider_misconfigured", failure=error, channel=channel.value)
            continue
        if sender is None:
            LOG.warning("channel_without_provider", channel=channel.value)
        else:
            senders[channel] = sender
    return senders


def _push(settings: Settings) -> Sender | None:
    providers = providers_of(settings)
    if providers.fcm_credentials is None:
        return None
    return fcm_sender(
        providers.fcm_credentials,
        endpoint=providers.fcm_endpoint,
        concurrency=settings.delivery.concurrency,
    )


def _web_push(settings: Settings) -> Sender | None:
    key = vapid_key_of(settings)
    if key is None:
        return None
    return vapid_sender(
        key,
        contact=settings.web_push.vapid_subject,
        concurrency=settings.delivery.concurrency,
        allow_private=not settings.deployment.is_production,
    )


def _email(settings: Settings) -> Sender | None:
    url = providers_of(settings).smtp_url
    if url is None:
        return None
    parts, (name, address) = urlsplit(url), parseaddr(settings.smtp.sender)
    return smtp_sender(
        parts.hostname or "",
        parts.port or DEFAULT_SMTP_PORT[parts.scheme],
        sender_address=address,
        sender_name=name,
        connections=min(settings.delivery.concurrency, 8),
        security=SECURITY_OF[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _sms(settings: Settings) -> Sender | None:
    url = providers_of(settings).sms_url
    if url is None or settings.sms.key is None:
        return None
    return http_gateway_sender(
        url,
        api_key=settings.sms.key,
        originator=settings.sms.sender,
        report_url=f"{settings.server.base_url}/ingest/v1/sms-receipts",
        concurrency=settings.delivery.concurrency,
    )
