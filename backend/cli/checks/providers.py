"""The providers of each channel: configured, readable, reachable."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from backend.cli.checks.findings import Finding, degraded, failed, off, ok
from backend.kernel.settings import Settings
from backend.supervisor.ports import answers
from notifications.configured import providers_of, vapid_key_of
from notifications.public import Misconfigured

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587, "http": 80, "https": 443}


class ServiceAccount(msgspec.Struct, frozen=True):
    """What FCM's credentials file must hold."""

    project_id: str
    client_email: str
    private_key: str
    token_uri: str


async def check_providers(settings: Settings) -> list[Finding]:
    """Look at the provider of every channel."""
    providers = providers_of(settings)
    simulated = settings.simulators.enabled
    advice = "run novads simulators" if simulated else "check {} and the network"
    return [
        _credentials(providers.fcm_credentials, simulated=simulated),
        await _reachable("fcm", providers.fcm_endpoint, "NOVADS_FCM_ENDPOINT", advice)
        if providers.fcm_credentials
        else off("fcm", "set NOVADS_FCM_CREDENTIALS to send to phones"),
        _web_push(settings),
        await _reachable("e-mail", providers.smtp_url, "NOVADS_SMTP_URL", advice),
        await _reachable("sms", providers.sms_url, "NOVADS_SMS_URL", advice),
    ]


def _credentials(path: Path | None, *, simulated: bool) -> Finding:
    part = "fcm credentials"
    if path is None:
        return off(part, "set NOVADS_FCM_CREDENTIALS to the service account's JSON file")
    if simulated and not path.exists():
        return degraded(part, f"{path} is not there yet", "run novads simulators, which write it")
    try:
        account = msgspec.json.decode(path.read_bytes(), type=ServiceAccount)
    except OSError as error:
        return failed(part, f"{path}: {error.strerror}", "check NOVADS_FCM_CREDENTIALS")
    except msgspec.DecodeError:
        advice = "download the service account's JSON key again"
        return failed(part, f"{path} is no service account's key", advice)
    return ok(part, f"project {account.project_id}")


def _web_push(settings: Settings) -> Finding:
    try:
        key = vapid_key_of(settings)
    except Misconfigured as error:
        return failed("web push", str(error), "check NOVADS_VAPID_KEY")
    if key is None:
        return off("web push", "set NOVADS_VAPID_KEY to send to browsers")
    return ok("web push", f"public key {key.public_base64url[:16]}...")


async def _reachable(part: str, url: str | None, variable: str, advice: str) -> Finding:
    if url is None:
        return off(part, f"set {variable} to use it")
    address = urlsplit(url)
    host, port = address.hostname or "", address.port or PORTS[address.scheme]
    if await answers(host, port):
        return ok(part, f"{host}:{port} answers")
    return degraded(part, f"{host}:{port} does not answer", advice.format(variable))
