"""What a push service's URL and a subscription's keys must look like."""

import base64

import pytest

from notifications.devices.rules import auth_fault, endpoint_fault, public_key_fault

INTERNAL = [
    "https://127.0.0.1/push",
    "https://127.1/push",
    "https://10.0.0.7/push",
    "https://192.168.1.1/push",
    "https://169.254.169.254/latest",
    "https://[::1]/push",
    "https://[fd00::1]/push",
    "https://[::ffff:127.0.0.1]/push",
    "https://0.0.0.0/push",
    "https://224.0.0.1/push",
    "https://2130706433/push",
    "https://localhost/push",
    "https://LOCALHOST./push",
    "https://database/push",
    "https://push.internal/push",
    "https://printer.local/push",
]


@pytest.mark.parametrize("url", INTERNAL)
def test_in_production_a_url_must_not_lead_into_our_own_network(url: str) -> None:
    assert endpoint_fault(url, is_production=True) == "must lead to a public host"


@pytest.mark.parametrize(
    "url",
    [
        "https://updates.push.services.example.com/wpush/v2/abc",
        "https://push.example.com:8443/abc?x=1",
        "https://8.8.8.8/push",
    ],
)
def test_in_production_an_https_url_of_a_public_host_is_accepted(url: str) -> None:
    assert endpoint_fault(url, is_production=True) is None


@pytest.mark.parametrize("url", ["http://push.example.com/abc", "ftp://push.example.com/abc"])
def test_in_production_a_url_must_be_https(url: str) -> None:
    assert endpoint_fault(url, is_production=True) == "must be an https URL"


@pytest.mark.parametrize(
    "url",
    [
        "https://user:word@push.example.com/",
        "https://push.example.com/#part",
        "https:///abc",
        "abc",
        "https://push.example.com:99999/",
        "https://[::1/",
    ],
)
@pytest.mark.parametrize("is_production", [True, False])
def test_what_is_no_url_of_a_push_service_is_refused(url: str, *, is_production: bool) -> None:
    assert endpoint_fault(url, is_production=is_production) is not None


def test_in_development_a_simulator_on_loopback_is_accepted() -> None:
    assert endpoint_fault("http://127.0.0.1:8102/push/abc", is_production=False) is None


def test_keys_are_accepted_with_and_without_padding() -> None:
    point, secret = b"\x04" + bytes(64), bytes(16)
    for encoded in (base64.urlsafe_b64encode(point).decode(),):
        assert public_key_fault(encoded) is public_key_fault(encoded.rstrip("=")) is None
    assert auth_fault(base64.urlsafe_b64encode(secret).decode()) is None


@pytest.mark.parametrize("raw", [b"", bytes(65), b"\x04" + bytes(63), b"\x02" + bytes(32)])
def test_a_key_that_is_no_uncompressed_point_is_refused(raw: bytes) -> None:
    assert public_key_fault(base64.urlsafe_b64encode(raw).decode()) is not None


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "AAAAAAAAAAAAAAAAAAAAAA+/", "ā" * 22])
def test_an_auth_secret_of_another_size_or_form_is_refused(text: str) -> None:
    assert auth_fault(text) is not None
