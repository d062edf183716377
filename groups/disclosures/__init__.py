"""Who looked at the members of a group: told to each of them."""
