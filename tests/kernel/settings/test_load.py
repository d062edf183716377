"""How the environment becomes settings."""

import base64

import pytest

from backend.kernel.settings import SettingsError, load_settings

KEY = base64.b64encode(b"k" * 32).decode()
OTHER_KEY = base64.b64encode(b"o" * 32).decode()
PRODUCTION = {
    "NOVADS_ENV": "production",
    "NOVADS_DATA_KEYS": f"1:{KEY}",
    "NOVADS_MATCH_KEY": KEY,
    "NOVADS_RECEIPT_KEY": KEY,
}


def problems(environ: dict[str, str]) -> dict[str, str]:
    """Load wrong settings and give the reasons by variable."""
    with pytest.raises(SettingsError) as refused:
        load_settings(environ)
    return {problem.variable: problem.reason for problem in refused.value.problems}


def test_an_empty_environment_makes_a_working_development() -> None:
    settings = load_settings({})
    assert not settings.deployment.is_production
    assert settings.server.port == 8000
    assert settings.database.url is None
    assert settings.sign_in.development
    assert settings.simulators.enabled


def test_an_empty_value_counts_as_unset() -> None:
    settings = load_settings({"NOVADS_DATABASE_URL": "", "NOVADS_PORT": " "})
    assert settings.database.url is None
    assert settings.server.port == 8000


def test_production_with_secrets_of_its_own_is_accepted() -> None:
    settings = load_settings(PRODUCTION)
    assert settings.deployment.is_production
    assert not settings.sign_in.development
    assert not settings.simulators.enabled
    assert settings.secrets.data_keys == {1: b"k" * 32}


def test_production_names_every_secret_that_is_missing() -> None:
    assert set(problems({"NOVADS_ENV": "production"})) == {
        "NOVADS_DATA_KEYS",
        "NOVADS_MATCH_KEY",
        "NOVADS_RECEIPT_KEY",
    }


@pytest.mark.parametrize("spelling", ["production", "Production", " PRODUCTION "])
def test_production_is_production_however_it_is_spelled(spelling: str) -> None:
    assert "NOVADS_MATCH_KEY" in problems({"NOVADS_ENV": spelling})


@pytest.mark.parametrize("variable", ["NOVADS_DEVELOPMENT_SIGN_IN", "NOVADS_SIMULATORS"])
def test_production_refuses_what_is_for_development_only(variable: str) -> None:
    assert problems(PRODUCTION | {variable: "true"}) == {variable: "cannot be on in production"}


def development_secrets() -> dict[str, str]:
    """Give the secrets that development works with."""
    secrets = load_settings({}).secrets
    return {
        "NOVADS_DATA_KEYS": "1:" + base64.b64encode(secrets.data_keys[1]).decode(),
        "NOVADS_MATCH_KEY": base64.b64encode(secrets.match_key).decode(),
        "NOVADS_RECEIPT_KEY": base64.b64encode(secrets.receipt_key).decode(),
        "NOVADS_DEVELOPMENT_SIGN_IN_SECRET": load_settings({}).sign_in.development_secret or "",
        "NOVADS_SMS_KEY": load_settings({}).sms.key or "",
    }


@pytest.mark.parametrize("variable", list(development_secrets()))
def test_production_refuses_a_secret_of_development(variable: str) -> None:
    found = problems(PRODUCTION | {variable: development_secrets()[variable]})
    assert found == {variable: "is the development secret; production needs its own"}


def test_production_finds_a_development_key_between_others_in_the_ring() -> None:
    mixed = f"7:{OTHER_KEY},9:" + development_secrets()["NOVADS_DATA_KEYS"].removeprefix("1:")
    assert set(problems(PRODUCTION | {"NOVADS_DATA_KEYS": mixed})) == {"NOVADS_DATA_KEYS"}


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("NOVADS_ENV", "prod", "must be one of: development, production"),
        ("NOVADS_PORT", "eight", "must be a whole number"),
        ("NOVADS_PORT", "0", "must be a whole number >= 1"),
        ("NOVADS_PORT", "70000", "must be a whole number <= 65535"),
        ("NOVADS_SERVER", "apache", "must be one of: granian, uvicorn"),
        ("NOVADS_SIMULATORS", "perhaps", "must be true or false"),
        ("NOVADS_DATABASE_URL", "mysql://db/x", "must be a URL like postgresql://host"),
        ("NOVADS_DATABASE_URL", "postgresql://", "must be a URL like postgresql://host"),
        ("NOVADS_REDIS_URL", "127.0.0.1:6379", "must be a URL like redis://host"),
        ("NOVADS_FCM_ENDPOINT", "https://host:port", "is not a URL"),
        ("NOVADS_DATA_KEYS", KEY, "each key needs its own number from 1 to 255"),
        ("NOVADS_DATA_KEYS", f"1:{KEY},1:{KEY}", "each key needs its own number from 1 to 255"),
        ("NOVADS_DATA_KEYS", f"256:{KEY}", "each key needs its own number from 1 to 255"),
        ("NOVADS_MATCH_KEY", "c2hvcnQ=", "must hold 32 bytes"),
        ("NOVADS_MATCH_KEY", "not base64!", "is not base64"),
        ("NOVADS_MUNICIPALITIES", "LV0044000,Riga", "not a territory code: 'Riga'"),
        ("NOVADS_SMS_PRICE_CENTS", "4", "each price is written as 2026-01-01=4, in cents"),
        ("NOVADS_SMS_FROM", "A" * 12, "must be a text of length <= 11"),
    ],
)
def test_a_wrong_value_names_its_variable_and_the_reason(
    variable: str, value: str, reason: str
) -> None:
    found = problems({variable: value})
    assert list(found) == [variable]
    assert found[variable].startswith(reason)


def test_all_wrong_values_are_named_at_once() -> None:
    assert set(problems({"NOVADS_PORT": "x", "NOVADS_WORKERS": "0"})) == {
        "NOVADS_PORT",
        "NOVADS_WORKERS",
    }


@pytest.mark.parametrize(
    "variable", ["NOVADS_DATABASE_URL", "NOVADS_MATCH_KEY", "NOVADS_DATA_KEYS", "NOVADS_SMTP_URL"]
)
def test_a_reason_never_repeats_a_secret_value(variable: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({variable: "hunter2-hunter2"})
    assert "hunter2" not in str(refused.value)


def test_printed_settings_show_no_value() -> None:
    settings = load_settings({"NOVADS_DATABASE_URL": "postgresql://u:hunter2@db/novads"})
    assert "hunter2" not in repr(settings)


def test_an_unknown_variable_is_named_with_the_nearest_known_one() -> None:
    environ = {
        "NOVADS_PROT": "1",
        "NOVADS_QXQXQXQXQXQX": "1",
        "NOVADS_TEST_REDIS_URL": "1",
        "HOME": "/",
    }
    assert load_settings(environ).unknown == (
        "NOVADS_PROT (did you mean NOVADS_PORT?)",
        "NOVADS_QXQXQXQXQXQX",
    )


def test_the_highest_key_number_encrypts_and_all_open() -> None:
    settings = load_settings({"NOVADS_DATA_KEYS": f"2:{OTHER_KEY},1:{KEY}"})
    older = load_settings({"NOVADS_DATA_KEYS": f"1:{KEY}"}).vault()
    sealed = settings.vault().seal("vārds", label="test")
    assert sealed[0] == 2
    assert settings.vault().open(older.seal("vārds", label="test"), label="test") == "vārds"


def test_prices_are_ordered_by_their_first_day() -> None:
    prices = load_settings({"NOVADS_SMS_PRICE_CENTS": "2027-01-01=5, 2026-01-01=4"}).sms.part_prices
    assert [price.cents for price in prices] == [4, 5]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app:secret@db.example:5432/novads",
        "postgresql://app:secret@/novads?host=/run/postgresql",
    ],
)
def test_a_database_may_be_reached_by_network_or_socket(url: str) -> None:
    assert load_settings({"NOVADS_DATABASE_URL": url}).database.url == url


def test_others_are_told_the_public_address_or_else_host_and_port() -> None:
    assert load_settings({"NOVADS_PORT": "9"}).server.base_url == "http://127.0.0.1:9"
    public = {"NOVADS_PUBLIC_URL": "https://novads.example/"}
    assert load_settings(public).server.base_url == "https://novads.example"
