"""Every table of this package, for migrations."""

from backend.residents.models import ContactPoint, Resident, ResidentCode

__all__ = ["ContactPoint", "Resident", "ResidentCode"]
