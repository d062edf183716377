"""Sign-in: what a person proves to get a session; today only the signed development login."""
