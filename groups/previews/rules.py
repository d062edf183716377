"""Limits of a preview."""

RULE_AT = "/rule"
"""Where the rule stands in a body; pointers of faults and of clauses begin so."""
FARTHEST_DAYS = 366
"""How many days ahead a preview may look."""
