"""The version that a caller has seen, in `If-Match`: who changes something stale is refused."""

from typing import Annotated

from litestar.params import HeaderParameter

SeenVersion = Annotated[
    str,
    HeaderParameter(
        name="If-Match",
        pattern=r'^"?[1-9][0-9]{0,8}"?$',
        description="The `version` that the caller read.",
    ),
]


def seen_version(if_match: str) -> int:
    """Read the header's number, in quotation marks or without."""
    return int(if_match.strip('"'))
