"""Every setting of the product: declared once, decoded once, passed on as arguments."""

from backend.kernel.settings.concerns import Settings
from backend.kernel.settings.declaration import SettingsError
from backend.kernel.settings.load import load_settings
from backend.kernel.settings.table import describe_settings, settings_markdown

__all__ = ["Settings", "SettingsError", "describe_settings", "load_settings", "settings_markdown"]
