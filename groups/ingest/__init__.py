"""Feeds of the registry over HTTP: delivered in parts by other systems, imported by a worker."""
