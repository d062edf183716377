"""A browser's subscription cannot lead us into a private network."""

import pytest
from yarl import URL

from notifications.channels.http_exchange import HostRefused
from notifications.channels.web_push.vapid.addresses import (
    PublicResolver,
    is_allowed,
    is_public,
    subscription_url,
)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - it is refused
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "fc00::1",
        "fe80::1%eth0",
        "ff02::1",
        "",
        "not an address",
    ],
)
def test_all_others_are_not(address: str) -> None:
    assert not is_public(address)


def test_a_name_is_allowed_over_https_and_judged_when_it_is_resolved() -> None:
    assert is_allowed(URL("https://push.example.org/x"))
    assert not is_allowed(URL("http://push.example.org/x"))


async def test_a_name_that_leads_home_is_refused() -> None:
    with pytest.raises(HostRefused):
        await PublicResolver().resolve("localhost", 443)


def test_the_quoting_of_an_endpoint_is_kept() -> None:
    address = "https://push.example.org/w/?token=BQY%2bxyz%3d%3D&a=b+c"
    url = subscription_url(address)
    assert url is not None
    assert str(url) == address
    assert url.raw_path_qs == "/w/?token=BQY%2bxyz%3d%3D&a=b+c"
