"""A Web Push service (RFC 8030) that holds the subscriptions' private keys."""
