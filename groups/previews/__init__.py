"""What a communicator was shown of whom: the guard against learning of single people by counts."""
