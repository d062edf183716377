"""The facts of each municipality as columns in memory, and rules evaluated over them."""
