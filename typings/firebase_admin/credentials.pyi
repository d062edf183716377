from datetime import datetime
from typing import NamedTuple

class AccessTokenInfo(NamedTuple):
    access_token: str
    expiry: datetime

class Base:
    def get_access_token(self) -> AccessTokenInfo: ...

class Certificate(Base):
    def __init__(self, cert: str | dict[str, str]) -> None: ...
    @property
    def project_id(self) -> str: ...
