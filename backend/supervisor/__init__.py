"""One process that owns all others: database, API, workers, simulators."""
