"""E-mail: the message or a nudge in the mailbox of a resident."""
