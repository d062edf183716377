"""The HTTP process: the routes of every package behind one application."""
