"""Every topic of the outbox has somebody who acts on it."""

from importlib import import_module
from pkgutil import walk_packages

import pytest

from backend.kernel.clock import system_clock
from backend.kernel.outbox import TOPICS
from backend.kernel.settings import load_settings
from backend.worker.handlers import outbox_handlers


@pytest.mark.parametrize("package", ["backend", "groups", "loyalty", "notifications"])
def test_every_topic_that_a_package_declares_has_a_handler(package: str) -> None:
    """An event without a handler would wait for ever."""
    for module in walk_packages(import_module(package).__path__, f"{package}."):
        if not module.name.endswith((".__main__", ".env")) and ".versions" not in module.name:
            import_module(module.name)
    assert TOPICS
    assert set(outbox_handlers(load_settings({}), system_clock)) >= TOPICS
