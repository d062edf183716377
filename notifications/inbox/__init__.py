"""The in-app inbox of a resident."""
