"""Ports and environment of the children."""

import socket

import pytest

from backend.kernel.settings import load_settings
from backend.supervisor.ports import (
    PortTaken,
    answers,
    api_port,
    is_free,
    require_free,
    simulator_ports,
)
from backend.supervisor.surroundings import DatabaseUrls, child_environ, owner_environ

URLS = DatabaseUrls("postgresql://app@db/novads", "postgresql://owner@db/novads")


def test_a_taken_port_is_refused_with_the_variable_that_chooses_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = load_settings({"NOVADS_PORT": str(port)})
        with pytest.raises(PortTaken, match=f"port {port} .* NOVADS_PORT="):
            require_free(api_port(settings))


def test_every_simulator_has_a_port_of_its_own_variable() -> None:
    ports = simulator_ports(load_settings({}))
    assert [each.port for each in ports] == [8101, 8102, 8103, 8113, 8104]
    known = load_settings(dict.fromkeys((each.variable for each in ports), "9000"))
    assert known.unknown == ()


async def test_who_listens_answers_and_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert await answers("127.0.0.1", port)
        assert not is_free("127.0.0.1", port)
    assert not await answers("127.0.0.1", port)
    assert is_free("127.0.0.1", port)


def test_children_do_not_get_the_owners_url() -> None:
    environ = {"NOVADS_DATABASE_OWNER_URL": "postgresql://owner@db/novads", "PATH": "/bin"}
    composed = child_environ(environ, URLS)
    assert composed == {"PATH": "/bin", "NOVADS_DATABASE_URL": URLS.app}


def test_migrations_get_the_owners_url() -> None:
    assert owner_environ({}, URLS)["NOVADS_DATABASE_OWNER_URL"] == URLS.owner
