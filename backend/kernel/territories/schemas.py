"""A municipality over HTTP."""

from msgspec import Struct

from backend.kernel.tenancy import MunicipalityId, municipality_code
from backend.kernel.territories.register import register
from backend.kernel.views import TextView


class MunicipalityView(Struct, rename="camel", frozen=True):
    """The municipality that somebody is signed in to."""

    code: str
    name: TextView


def municipality_view(municipality: MunicipalityId) -> MunicipalityView:
    """Show a municipality; one that the register does not have is called by its code."""
    code = municipality_code(municipality)
    territory = register().get(code)
    name = TextView(territory.name_lv, territory.name_en) if territory else TextView(code, code)
    return MunicipalityView(code, name)
