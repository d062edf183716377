"""The job processes: outbox, delivery, receipts, schedule."""
