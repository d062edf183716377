"""Cards, benefits and redemptions; empty until the card arrives."""
