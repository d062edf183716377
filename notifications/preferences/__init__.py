"""Which channels a resident wants for which topic."""
