"""The table of settings."""

from pathlib import Path

from backend.adapters.simulators.run import SMS_KEY, SimulatorPorts
from backend.kernel.settings import describe_settings, load_settings, settings_markdown

README = Path(__file__).parents[3] / "README.md"


def test_every_setting_tells_type_default_and_meaning() -> None:
    for row in describe_settings():
        assert row.name.startswith("NOVADS_")
        assert row.kind
        assert row.default
        assert len(row.meaning.split()) >= 3


def test_no_variable_is_declared_twice() -> None:
    names = [row.name for row in describe_settings()]
    assert len(set(names)) == len(names)


def test_the_table_shows_no_development_secret() -> None:
    shown = settings_markdown()
    settings = load_settings({})
    for secret in (settings.sign_in.development_secret, settings.sms.key):
        assert secret is not None
        assert secret not in shown


def test_the_readme_holds_the_table_as_the_code_declares_it() -> None:
    assert settings_markdown() in README.read_text(encoding="utf-8"), (
        "put the output of `novads doctor --settings --markdown` into README.md"
    )


def test_the_simulators_listen_where_settings_expect_them_and_know_the_same_key() -> None:
    settings, ports = load_settings({}), SimulatorPorts()
    assert settings.sms.key == SMS_KEY
    assert (ports.fcm, ports.web_push, ports.smtp, ports.smtp_control, ports.sms) == (
        settings.simulators.fcm_port,
        settings.simulators.web_push_port,
        settings.simulators.smtp_port,
        settings.simulators.smtp_control_port,
        settings.simulators.sms_port,
    )
