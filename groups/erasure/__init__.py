"""Erasing a resident from facts and groups, the past included."""
