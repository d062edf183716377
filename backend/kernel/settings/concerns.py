"""All settings together."""

from msgspec import Struct

from backend.kernel.personal_data import Vault, make_vault
from backend.kernel.settings.groups import GroupsEngine
from backend.kernel.settings.platform import (
    DatabaseSettings,
    Deployment,
    Logs,
    RedisSettings,
    Server,
)
from backend.kernel.settings.protection import Secrets, SignIn
from backend.kernel.settings.sending import Delivery, Fcm, Simulators, Sms, Smtp, WebPush


class Settings(Struct, frozen=True):
    """Every setting; `unknown` names the NOVADS_* variables that nothing reads."""

    deployment: Deployment
    server: Server
    database: DatabaseSettings
    redis: RedisSettings
    secrets: Secrets
    sign_in: SignIn
    groups_engine: GroupsEngine
    delivery: Delivery
    fcm: Fcm
    web_push: WebPush
    smtp: Smtp
    sms: Sms
    simulators: Simulators
    logs: Logs
    unknown: tuple[str, ...] = ()

    def vault(self) -> Vault:
        """Make the vault of the data keys and the match key."""
        return make_vault(
            self.secrets.data_keys, self.secrets.current_data_key, self.secrets.match_key
        )
