"""Pages that the product serves itself, for staff and for those who run it."""
