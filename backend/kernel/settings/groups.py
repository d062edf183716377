"""Settings of the groups engine."""

from enum import StrEnum
from typing import Annotated

from backend.kernel.settings import forms
from backend.kernel.settings.declaration import Concern, Variable

ADDRESS_FORM = "unix:/path or tcp://host:port"


class EngineMode(StrEnum):
    """Where the groups engine runs."""

    PROCESS = "process"
    INPROCESS = "inprocess"
    OFF = "off"


class GroupsEngine(Concern, frozen=True):
    """Where the groups engine runs, and where it is asked."""

    mode: Annotated[
        EngineMode,
        Variable(
            "NOVADS_GROUPS_ENGINE",
            "Where groups follow the facts: in a process of its own, in the API's (for a small "
            "municipality), or not at all, which leaves previews to PostgreSQL",
            "process",
        ),
    ]
    listen: Annotated[
        str | None,
        Variable(
            "NOVADS_GROUPS_ENGINE_LISTEN",
            "Where the leading engine answers; unset: groups-engine.sock in NOVADS_VAR",
            form=ADDRESS_FORM,
            decode=forms.ENGINE,
        ),
    ]
    addresses: Annotated[
        tuple[str, ...] | None,
        Variable(
            "NOVADS_GROUPS_ENGINE_ADDRESSES",
            "Where the API asks for the leading engine, in turn; unset: where this host's listens",
            form=f"{ADDRESS_FORM}, separated by commas",
            decode=forms.engines,
        ),
    ]
