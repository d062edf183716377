"""What staff may do, by role."""

from enum import StrEnum


class StaffRole(StrEnum):
    """A role; a staff member may have several, and needs no other to use the one asked for."""

    COMMUNICATOR = "communicator"
    """Drafts and sends campaigns."""
    APPROVER = "approver"
    """Approves what another drafted."""
    OFFICIAL = "official"
    """Moves cases forward."""
    REGISTRAR = "registrar"
    """Imports the registry and keeps groups."""
    ADMINISTRATOR = "administrator"
    """Keeps staff members and their roles."""
    OPERATOR = "operator"
    """Runs the deployment: may preview over all municipalities."""
