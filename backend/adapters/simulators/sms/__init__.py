"""An SMS gateway over HTTP that sends delivery reports back."""
