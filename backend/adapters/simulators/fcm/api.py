"""The HTTP surface: token endpoint, `messages:send`, and this simulator's own control."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from aiohttp import web
from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder

from backend.adapters.simulators.behaviours import Mode
from backend.adapters.simulators.control import ControlApi, invalid_request
from backend.adapters.simulators.core import Core, accepted, counted, json_response
from backend.adapters.simulators.fcm import checks, refusals, schema
from backend.adapters.simulators.fcm.oauth import TokenEndpoint
from backend.adapters.simulators.fcm.reading import Reader
from backend.adapters.simulators.fcm.refusals import Violation
from backend.adapters.simulators.fcm.service_account import ServiceAccount
from backend.adapters.simulators.fcm.tokens import Registrations, could_be_a_token
from backend.adapters.simulators.ledger import Arrival
from backend.adapters.simulators.objects import Json, is_object, member, text

_json: Decoder[object] = Decoder(object)


class TokenOrder(Struct, forbid_unknown_fields=True):
    """How many tokens to make, and whether registration tokens or installation ids."""

    count: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    kind: str = "token"


_token_order = Decoder(TokenOrder)


class PushArrival(Arrival, kw_only=True):
    """A push message as the device would be given it."""

    name: str
    target: str
    data: Json
    collapse_id: str
    apns_collapse_id: str
    priority: str
    ttl: int | None
    link: str
    android: Json
    apns: Json


class FcmApi:
    """Handlers of the FCM simulator."""

    def __init__(
        self, core: Core, account: ServiceAccount, tokens: TokenEndpoint, made: Registrations
    ) -> None:
        """Serve one project: that of the account."""
        self._core = core
        self._account = account
        self._tokens = tokens
        self._made = made

    def routes(self) -> Sequence[web.RouteDef]:
        """List the routes for the application."""
        return [
            web.post("/token", self._tokens.issue),
            web.post("/v1/projects/{project}/messages:send", counted(self._core, self.send)),
            web.post("/_control/tokens", self.make_tokens),
            web.delete("/_control/access-tokens", self.revoke),
            *ControlApi(self._core).routes(),
        ]

    async def send(self, request: web.Request) -> web.Response:
        """Answer one `messages:send`."""
        if refusal := self._access(request):
            return refusal
        message, validate_only, found = _read(await request.read())
        if found:
            return refusals.invalid(found)
        target = next(name for name in schema.TARGETS if name in message)
        to = text(message, target)
        behaviour = self._core.behaviours.take(to)
        if refusal := self._refusal(behaviour.mode, behaviour.retry_after, target, to):
            return refusal
        name = f"projects/{self._account.project_id}/messages/0:{secrets.token_hex(12)}"
        if not validate_only:
            self._core.record(_arrival(message, target, to, name, self._core.clock()))
        return await accepted(request, behaviour, json_response({"name": name}))

    async def make_tokens(self, request: web.Request) -> web.Response:
        """Answer `POST /_control/tokens`."""
        try:
            order = _token_order.decode(await request.read() or b"{}")
        except DecodeError as error:
            return invalid_request(str(error))
        make = self._made.new_fid if order.kind == "fid" else self._made.new_token
        return json_response({"tokens": [make() for _ in range(order.count)]})

    async def revoke(self, _request: web.Request) -> web.Response:
        """Answer `DELETE /_control/access-tokens`: senders must fetch a new one."""
        self._tokens.revoke_all()
        return web.Response(status=204)

    def _access(self, request: web.Request) -> web.Response | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return refusals.unauthenticated("CREDENTIALS_MISSING")
        if not self._tokens.is_valid(token):
            return refusals.unauthenticated("ACCESS_TOKEN_EXPIRED")
        project = request.match_info["project"]
        return None if project == self._account.project_id else refusals.other_project(project)

    def _refusal(self, mode: Mode, retry_after: str, target: str, to: str) -> web.Response | None:
        if mode is Mode.THROTTLE:
            return refusals.quota_exceeded(retry_after)
        if mode is Mode.ERROR:
            return refusals.unavailable()
        if target not in {"token", "fid"}:
            return None
        if not could_be_a_token(to):
            return refusals.invalid_token()
        if mode is Mode.DEAD or not self._made.is_ours(to):
            return refusals.unregistered()
        return None


def _read(body: bytes) -> tuple[Json, bool, Sequence[Violation]]:
    """Give the message, whether it is only to be validated, and what is wrong with it."""
    try:
        decoded = _json.decode(body)
    except DecodeError as error:
        return {}, False, [Violation("", f"Invalid JSON payload received. {error}")]
    if not is_object(decoded):
        return {}, False, [Violation("", "Invalid JSON payload received. Expected an object.")]
    reader = Reader()
    request = reader.read(decoded, schema.REQUEST)
    message = member(request, "message")
    found = reader.violations or list(checks.violations(message))
    return message, request.get("validate_only") is True, found


def _arrival(message: Json, target: str, to: str, name: str, at: datetime) -> PushArrival:
    android, apns = member(message, "android"), member(message, "apns")
    shown = {**member(message, "notification"), **member(android, "notification")}
    data = {**member(message, "data"), **member(android, "data")}
    headers = {key.lower(): value for key, value in member(apns, "headers").items()}
    collapse_id = text(android, "collapse_key")
    apns_collapse_id = text(headers, "apns-collapse-id")
    return PushArrival(
        message_id=text(data, "messageId") or collapse_id or apns_collapse_id,
        to=to,
        title=text(shown, "title") or text(data, "title"),
        body=text(shown, "body") or text(data, "body"),
        language=text(data, "language"),
        received_at=at,
        name=name,
        target=target,
        data=data,
        collapse_id=collapse_id or apns_collapse_id,
        apns_collapse_id=apns_collapse_id,
        priority=text(android, "priority"),
        ttl=checks.ttl_seconds(message),
        link=text(data, "link"),
        android=android,
        apns=apns,
    )
