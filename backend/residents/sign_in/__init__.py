"""Sign-in of residents."""
