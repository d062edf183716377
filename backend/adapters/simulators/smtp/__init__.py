"""A mail server that reads what a bulk sender must write."""
