"""A client of the control API: for demonstrations, benchmarks and tests."""

from collections.abc import Sequence

from aiohttp import ClientSession
from msgspec import Struct
from msgspec.json import decode, encode

from backend.adapters.simulators.behaviours import Behaviour
from backend.adapters.simulators.objects import Json


class Page(Struct):
    """Recorded messages, oldest first, and the number to ask after next."""

    messages: list[dict[str, object]]
    next: int


class Keys(Struct, frozen=True):
    """A browser's public key and authentication secret, base64url."""

    p256dh: str
    auth: str


class BrowserSubscription(Struct, frozen=True):
    """A push subscription as a browser hands it to the application."""

    endpoint: str
    keys: Keys


class _Tokens(Struct):
    tokens: list[str]


class _Subscriptions(Struct):
    subscriptions: list[BrowserSubscription]


class ControlRefused(Exception):
    """The simulator did not understand an order; the text is its answer."""


class ControlClient:
    """Speaks to the simulator whose control API is at `url`; the session is the caller's."""

    def __init__(self, http: ClientSession, url: str) -> None:
        """Use the session for requests below `url`."""
        self._http = http
        self._url = f"{url}/_control"

    async def summary(self) -> Json:
        """Fetch the counts."""
        return decode(await self._ask("GET", "summary"), type=dict[str, object])

    async def messages(
        self, *, after: int = 0, limit: int = 1000, containing: str = "", wait_seconds: float = 0
    ) -> Page:
        """Fetch recorded messages, waiting for the first new one if asked to."""
        query = {
            "after": str(after),
            "limit": str(limit),
            "containing": containing,
            "waitSeconds": str(wait_seconds),
        }
        return decode(await self._ask("GET", "messages", query=query), type=Page)

    async def forget(self) -> None:
        """Have everything recorded and counted forgotten."""
        await self._ask("DELETE", "messages")

    async def behave(self, *behaviours: Behaviour) -> None:
        """Put these orders in force, in place of all others; none: everything is taken."""
        await self._ask("PUT", "behaviour", body=behaviours)

    async def new_tokens(self, count: int) -> Sequence[str]:
        """Have FCM registration tokens made."""
        made = await self._ask("POST", "tokens", body={"count": count})
        return decode(made, type=_Tokens).tokens

    async def new_subscriptions(
        self, count: int, *, vapid_public_key: str | None = None
    ) -> Sequence[BrowserSubscription]:
        """Have Web Push subscriptions made, for one application server if its key is given."""
        order = {"count": count, "vapidPublicKey": vapid_public_key}
        made = await self._ask("POST", "subscriptions", body=order)
        return decode(made, type=_Subscriptions).subscriptions

    async def _ask(
        self, method: str, path: str, *, query: dict[str, str] | None = None, body: object = None
    ) -> bytes:
        content = None if body is None else encode(body)
        async with self._http.request(
            method, f"{self._url}/{path}", params=query, data=content
        ) as answer:
            read = await answer.read()
            if answer.status >= 400:
                raise ControlRefused(read.decode())
            return read
