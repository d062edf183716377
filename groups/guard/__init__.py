"""Which sizes of sets staff may be shown: the guard against learning of single people by counts."""
