"""Reading the JSON body of a request."""

from typing import Any

from litestar import Request
from litestar.datastructures import State
from typing_extensions import override

from backend.kernel.errors import Fault, InvalidInput


class JsonRequest(Request[Any, Any, State]):
    """A request whose body may be nested as deep as its sender likes, and is refused then."""

    @override
    async def json(self) -> Any:
        """Read the body as JSON.

        Raises:
            InvalidInput: it is nested too deep to be read.
        """
        try:
            return await super().json()
        except RecursionError as error:
            fault = Fault("", "too_deep", "The body is nested too deep")
            raise InvalidInput(faults=(fault,)) from error
