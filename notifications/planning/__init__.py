"""From one content and many residents to messages, deliveries and chunks."""
