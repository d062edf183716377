"""E-mail handed to a relay over SMTP."""
