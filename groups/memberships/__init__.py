"""Who belongs to a group, since when, and by which evaluation of which rule version."""
