"""Groups as a resident sees them: their own, under public labels."""
