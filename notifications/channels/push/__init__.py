"""Mobile push: notifications on the devices where the app is installed."""
