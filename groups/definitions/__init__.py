"""Groups as staff define them: names, purpose, and the immutable versions of a rule."""
