"""Latvia's municipalities: codes, names, validity dates and successors."""
