"""What providers say later: recorded as received, folded into states and counters by a job."""
