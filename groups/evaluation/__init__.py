"""Who fits a rule on a day: the port, and the evaluator that compiles rules to SQL."""
