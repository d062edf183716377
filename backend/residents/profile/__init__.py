"""The resident's own profile."""
