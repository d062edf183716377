"""SMS through a gateway that speaks our HTTP protocol."""
