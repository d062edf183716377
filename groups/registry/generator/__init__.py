"""Plainly synthetic registry feeds, the same for the same seed."""
