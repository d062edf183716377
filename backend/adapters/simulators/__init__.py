"""Real servers that speak the providers' protocols and check what they are sent."""
