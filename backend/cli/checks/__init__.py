"""What `novads doctor` looks at."""
