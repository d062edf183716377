"""Which subscription addresses may be called: a browser names them, so they are not trusted."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from typing_extensions import override
from yarl import URL

from notifications.channels.http_exchange import HostRefused

FORM = re.compile(r"https?://[\x21-\x7e]+")
"""No spaces and no control characters: the address stands in the request line as it is."""
TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind NAT64. Source: RFC 6052."""


def subscription_url(value: str) -> URL | None:
    """Read an endpoint's address, unchanged, because its token may be quoted in any way."""
    if FORM.fullmatch(value) is None:
        return None
    try:
        url = URL(value, encoded=True)
    except ValueError:
        return None
    return url if url.host else None


def is_public(address: str) -> bool:
    """Tell whether a literal IP address is one of the open internet."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        ip = _embedded(ip) or ip
    return ip.is_global and not ip.is_multicast


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """Find the IPv4 address that an IPv6 address stands for."""
    if ip in TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def is_allowed(url: URL) -> bool:
    """Tell whether an endpoint is https, without credentials, and no literal private address."""
    if url.scheme != "https" or not url.host or url.user is not None:
        return False
    return not _is_literal(url.host) or is_public(url.host)


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


class PublicResolver(AbstractResolver):
    """Resolves names, and refuses those that lead into a private network.

    The check stands where the connection is made, so a name that changes its address between
    check and use does not pass.
    """

    def __init__(self) -> None:
        """Resolve by the machine's own resolver."""
        self._names = ThreadedResolver()

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """List the addresses of `host`.

        Raises:
            HostRefused: one of them is not public.
        """
        found = await self._names.resolve(host, port, family)
        if not all(is_public(result["host"]) for result in found):
            raise HostRefused
        return found

    @override
    async def close(self) -> None:
        """Nothing is kept."""
        await self._names.close()
