"""Commands of the `novads` console script."""
