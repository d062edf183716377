"""The delivery engine: chunks of recipients, claimed by workers and sent by channel."""
