"""One linear history of the schema, run by the owner's role."""
