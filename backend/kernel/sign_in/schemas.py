"""What is posted to open a session; the same on every surface."""

from typing import Annotated

from msgspec import Meta, Struct

from backend.kernel.patterns import TERRITORY_CODE


class SignInRequest(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """A municipality and a signed assertion on who is signing in there."""

    municipality: Annotated[
        str,
        Meta(pattern=TERRITORY_CODE, description="Territory code.", examples=["LV0044000"]),
    ]
    assertion: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=4096,
            description="JWT (HS256): iss, aud, sub, kind, iat, exp, jti; usable once.",
        ),
    ]
