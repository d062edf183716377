"""What the rest of the hub, and those who wire the product, may use of preferences."""

from notifications.preferences.rules import DEFAULT, TITLES, Topic
from notifications.preferences.service import RegistryPreferences, preferences_of

__all__ = ["DEFAULT", "TITLES", "RegistryPreferences", "Topic", "preferences_of"]
