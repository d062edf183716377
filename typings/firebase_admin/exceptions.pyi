import httpx

class FirebaseError(Exception):
    def __init__(
        self,
        code: str,
        message: str,
        cause: Exception | None = ...,
        http_response: httpx.Response | None = ...,
    ) -> None: ...
    @property
    def code(self) -> str: ...
    @property
    def cause(self) -> Exception | None: ...
    @property
    def http_response(self) -> httpx.Response | None: ...
