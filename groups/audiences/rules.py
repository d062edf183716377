"""Limits of an audience, and what becomes of it."""

from datetime import timedelta

MOST_GROUPS = 100
MOST_RESIDENTS = 10_000
"""Most ids in a list of residents."""
KEPT = timedelta(days=731)
"""How long it is known who was in an audience: 24 months."""
PAGE = 5_000
"""Residents read at once; bounds the memory that a large audience takes."""
