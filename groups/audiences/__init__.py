"""Audiences: the members of a group frozen at an instant, as a campaign sends to them."""
