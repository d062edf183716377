"""The hub: campaigns, messages, delivery over every channel, receipts and the inbox."""
