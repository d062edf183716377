"""The feed format: files, columns, and how their rows are read and judged."""
