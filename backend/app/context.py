"""What the application is made of before it takes its first request."""

from dataclasses import dataclass

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.settings import Settings
from groups.configured import Evaluator


@dataclass(frozen=True, slots=True)
class AppContext:
    """The services that handlers receive as dependencies.

    `vapid_public_key` is what browsers subscribe with; empty where there is no Web Push.
    `evaluator` is the one that the settings describe, unless another is given.
    """

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    vapid_public_key: str = ""
    evaluator: Evaluator | None = None
