"""Who the residents are: identity, codes, contact points, language."""
