"""Clients of outside systems, and servers that stand in for them."""
