"""What the rest of the hub may use of devices."""

from notifications.devices.reach import (
    SealedEndpoint,
    endpoints_of,
    open_endpoint,
    reachable,
    remove_dead,
)

__all__ = ["SealedEndpoint", "endpoints_of", "open_endpoint", "reachable", "remove_dead"]
