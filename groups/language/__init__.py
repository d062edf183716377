"""The language of group rules: a closed profile of OGC CQL2-JSON."""
