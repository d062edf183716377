"""Registry feeds and the facts about residents that rules read."""
