"""Residents in groups: registry facts, the rule language, memberships and audiences."""
