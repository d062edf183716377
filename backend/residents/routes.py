"""Routes of this package, by surface."""

from litestar.types import ControllerRouterHandler

from backend.residents.profile.controllers import ProfileController
from backend.residents.sign_in.controllers import (
    ResidentSessionController,
    ResidentSignInController,
)

MOBILE: tuple[ControllerRouterHandler, ...] = (
    ResidentSignInController,
    ResidentSessionController,
    ProfileController,
)
