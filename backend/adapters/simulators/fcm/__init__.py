"""FCM HTTP v1 with its OAuth 2.0 token endpoint."""
