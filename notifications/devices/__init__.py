"""Devices and browsers that residents let us push to."""
