"""The gateway's HTTP surface."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from hmac import compare_digest

from aiohttp import web
from msgspec import DecodeError
from msgspec.json import Decoder

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.adapters.simulators.control import ControlApi
from backend.adapters.simulators.core import Core, accepted, counted, json_response
from backend.adapters.simulators.ledger import RECORDS, Arrival
from backend.adapters.simulators.sms.orders import Order, Refused, parts_of
from backend.adapters.simulators.sms.reports import Report, Reports, Status

_orders = Decoder(Order)


class SmsArrival(Arrival, kw_only=True):
    """A text message as the phone shows it; `body` is the text."""

    id: str
    sender: str
    reference: str
    encoding: str
    parts: int
    expires_at: datetime | None
    report_url: str | None


class SmsApi:
    """Handlers of the SMS simulator."""

    def __init__(self, core: Core, key: str, reports: Reports) -> None:
        """Serve the holder of one key."""
        self._core = core
        self._authorization = f"Bearer {key}".encode()
        self._reports = reports
        self._taken: dict[str, tuple[str, bytes]] = {}

    def routes(self) -> Sequence[web.RouteDef]:
        """List the routes for the application."""
        return [
            web.post("/v1/messages", counted(self._core, self.send)),
            *ControlApi(self._core).routes(),
        ]

    def forget(self) -> None:
        """Forget the references already taken, and the counts of reports."""
        self._taken.clear()
        self._reports.forget()

    def figures(self) -> dict[str, object]:
        """Tell what became of the reports."""
        return {
            "receiptsSent": self._reports.sent,
            "receiptsRepeated": self._reports.repeated,
            "receiptsGivenUp": self._reports.given_up,
        }

    async def send(self, request: web.Request) -> web.Response:
        """Answer `POST /v1/messages`."""
        try:
            order = self._order(request.headers.get("Authorization", ""), await request.read())
            parts = parts_of(order, self._core.clock())
            earlier = self._earlier(order)
        except Refused as reason:
            return _refusal(reason.status, reason.code, str(reason))
        behaviour = self._core.behaviours.take(order.to)
        if refusal := _misbehaviour(behaviour):
            return refusal
        gateway_id = earlier or f"sim-{secrets.token_hex(12)}"
        self._core.record(_arrival(order, gateway_id, parts, self._core.clock()))
        if earlier is None:
            self._take(order, gateway_id, behaviour)
        answer = json_response({"id": gateway_id, "parts": parts}, status=200 if earlier else 202)
        return await accepted(request, behaviour, answer)

    def _order(self, authorization: str, body: bytes) -> Order:
        if not compare_digest(authorization.encode(), self._authorization):
            raise Refused("unauthorised", "Authorization: Bearer <the gateway's key>", 401)
        try:
            return _orders.decode(body)
        except DecodeError as error:
            raise Refused("invalid_request", str(error)) from None

    def _earlier(self, order: Order) -> str | None:
        taken = self._taken.get(order.reference)
        if taken is None:
            return None
        gateway_id, digest = taken
        if digest != _digest(order):
            reason = "the reference already stands for another message"
            raise Refused("reference_reused", reason, 409)
        return gateway_id

    def _take(self, order: Order, gateway_id: str, behaviour: Behaviour) -> None:
        self._taken[order.reference] = (gateway_id, _digest(order))
        if len(self._taken) > RECORDS:
            del self._taken[next(iter(self._taken))]
        if order.report_url is None:
            return
        dead = behaviour.mode is Mode.DEAD
        status = Status(behaviour.report_status) if dead else Status.DELIVERED
        report = Report(
            id=gateway_id, reference=order.reference, status=status, at=self._core.clock()
        )
        self._reports.post(order.report_url, report)


def _digest(order: Order) -> bytes:
    return blake2b(f"{order.to}\0{order.text}".encode(), digest_size=16).digest()


def _arrival(order: Order, gateway_id: str, parts: int, at: datetime) -> SmsArrival:
    return SmsArrival(
        message_id=order.message_id,
        to=order.to,
        body=order.text,
        received_at=at,
        id=gateway_id,
        sender=order.sender,
        reference=order.reference,
        encoding=order.encoding,
        parts=parts,
        expires_at=order.expires_at,
        report_url=order.report_url,
    )


def _misbehaviour(behaviour: Behaviour) -> web.Response | None:
    if behaviour.mode is Mode.THROTTLE:
        headers = {"Retry-After": behaviour.retry_after}
        return _refusal(429, "too_many_requests", "slow down", headers)
    if behaviour.mode is Mode.ERROR:
        return _refusal(503, "unavailable", "the gateway is overloaded")
    return None


def _refusal(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> web.Response:
    error = {"code": code, "message": message}
    return json_response({"error": error}, status=status, headers=headers)
