"""What the launcher raises when PostgreSQL cannot be started."""


class EmbeddedError(Exception):
    """PostgreSQL could not be started; the message says what happened and what to do."""
