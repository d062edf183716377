"""The roads to a resident outside the app: one folder a channel, one below it a provider."""
