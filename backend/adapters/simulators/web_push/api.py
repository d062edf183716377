"""The push service's HTTP surface: push requests, and subscriptions over the control API."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated

from aiohttp import web
from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.adapters.simulators.control import ControlApi, invalid_request
from backend.adapters.simulators.core import Core, accepted, counted, json_response
from backend.adapters.simulators.ledger import Arrival
from backend.adapters.simulators.objects import Json, is_object, member, text
from backend.adapters.simulators.web_push.encryption import Undecryptable, decrypt
from backend.adapters.simulators.web_push.headers import LARGEST_BYTES, PushHeaders, Refused
from backend.adapters.simulators.web_push.subscriptions import (
    Subscription,
    Subscriptions,
    public_key_bytes,
)
from backend.adapters.simulators.web_push.vapid import VapidCheck, VapidRefused

_json: Decoder[object] = Decoder(object)
YIELD_EVERY = 200


class SubscriptionOrder(Struct, rename="camel", forbid_unknown_fields=True):
    """How many browsers subscribe, and to which application server."""

    count: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    vapid_public_key: str | None = None


_order = Decoder(SubscriptionOrder)


class WebPushArrival(Arrival, kw_only=True):
    """A push message as the browser's service worker would be given it."""

    data: object
    topic: str
    urgency: str
    ttl: int
    collapse_id: str
    link: str
    location: str


class WebPushApi:
    """Handlers of the Web Push simulator."""

    def __init__(
        self, core: Core, origin: str, subscriptions: Subscriptions, vapid: VapidCheck
    ) -> None:
        """Serve push resources under `origin`."""
        self._core = core
        self._origin = origin
        self._subscriptions = subscriptions
        self._vapid = vapid

    def routes(self) -> Sequence[web.RouteDef]:
        """List the routes for the application."""
        return [
            web.post("/push/{id}", counted(self._core, self.push)),
            web.post("/_control/subscriptions", self.subscribe),
            *ControlApi(self._core).routes(),
        ]

    async def push(self, request: web.Request) -> web.Response:
        """Answer one push request (RFC 8030, 5)."""
        subscription = self._subscriptions.find(request.match_info["id"])
        if subscription is None:
            return _refusal(404, "there is no such subscription")
        body = await request.read()
        try:
            self._authorise(request.headers, subscription)
            headers = PushHeaders.read(request.headers, has_body=bool(body))
        except Refused as reason:
            return _refusal(reason.status, str(reason))
        if len(body) > LARGEST_BYTES:
            return _refusal(413, f"the body is larger than {LARGEST_BYTES} bytes")
        behaviour = self._core.behaviours.take(self._endpoint(subscription))
        if refusal := _misbehaviour(behaviour):
            return refusal
        try:
            plaintext = decrypt(body, subscription.keys()) if body else b""
        except Undecryptable as reason:
            return _refusal(400, str(reason))
        location = f"{self._origin}/message/{secrets.token_urlsafe(16)}"
        self._core.record(self._arrival(subscription, headers, plaintext, location))
        answer_headers = {"Location": location, "TTL": str(headers.ttl)}
        return await accepted(request, behaviour, web.Response(status=201, headers=answer_headers))

    async def subscribe(self, request: web.Request) -> web.Response:
        """Answer `POST /_control/subscriptions`."""
        try:
            order = _order.decode(await request.read() or b"{}")
        except DecodeError as error:
            return invalid_request(str(error))
        key = None if order.vapid_public_key is None else public_key_bytes(order.vapid_public_key)
        if order.vapid_public_key is not None and key is None:
            return invalid_request("vapidPublicKey is the base64url of an uncompressed P-256 point")
        made: list[dict[str, object]] = []
        for number in range(order.count):
            made.append(self._subscriptions.new(key).as_json(self._origin))
            if number % YIELD_EVERY == YIELD_EVERY - 1:
                await asyncio.sleep(0)
        return json_response({"subscriptions": made})

    def _authorise(self, headers: Mapping[str, str], subscription: Subscription) -> None:
        authorization = headers.get("Authorization")
        if authorization is None:
            raise Refused(401, "VAPID is needed: Authorization: vapid t=..., k=...")
        try:
            key = self._vapid.application_server(authorization)
        except VapidRefused as reason:
            raise Refused(403, str(reason)) from None
        if not subscription.allows(key):
            raise Refused(403, "the subscription is for another application server key")

    def _arrival(
        self, subscription: Subscription, headers: PushHeaders, plaintext: bytes, location: str
    ) -> WebPushArrival:
        data = _payload(plaintext)
        members: Json = data if is_object(data) else {}
        shown = {**members, **member(members, "notification")}
        return WebPushArrival(
            message_id=text(shown, "messageId") or headers.topic,
            to=self._endpoint(subscription),
            title=text(shown, "title"),
            body=text(shown, "body"),
            language=text(shown, "language"),
            received_at=self._core.clock(),
            data=data,
            topic=headers.topic,
            urgency=headers.urgency,
            ttl=headers.ttl,
            collapse_id=headers.topic,
            link=text(shown, "link"),
            location=location,
        )

    def _endpoint(self, subscription: Subscription) -> str:
        return f"{self._origin}/push/{subscription.id}"


def _payload(plaintext: bytes) -> object:
    """Read the payload as JSON, or else as text."""
    try:
        return _json.decode(plaintext)
    except DecodeError:
        return plaintext.decode(errors="replace")


def _misbehaviour(behaviour: Behaviour) -> web.Response | None:
    if behaviour.mode is Mode.THROTTLE:
        return _refusal(429, "too many requests", {"Retry-After": behaviour.retry_after})
    if behaviour.mode is Mode.ERROR:
        return _refusal(503, "the service is overloaded")
    if behaviour.mode is Mode.DEAD:
        return _refusal(410, "the subscription has expired")
    return None


def _refusal(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    if status == 401:
        headers = {"WWW-Authenticate": "vapid"}
    return json_response({"code": status, "message": message}, status=status, headers=headers)
