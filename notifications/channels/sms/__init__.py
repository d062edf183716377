"""SMS: counting and writing texts for the smallest of screens."""
