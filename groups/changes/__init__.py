"""The fact outbox: what changed since the engine last looked, written with the change."""
