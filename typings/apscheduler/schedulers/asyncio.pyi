from collections.abc import Awaitable, Callable, Sequence
from datetime import tzinfo

class AsyncIOScheduler:
    def __init__(self, *, timezone: tzinfo | None = ...) -> None: ...
    def add_job(
        self,
        func: Callable[..., Awaitable[None]],
        trigger: object,
        *,
        args: Sequence[object] = ...,
        id: str = ...,
        coalesce: bool = ...,
        max_instances: int = ...,
        misfire_grace_time: int | None = ...,
    ) -> object: ...
    def start(self) -> None: ...
    def shutdown(self, wait: bool = ...) -> None: ...
