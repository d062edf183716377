"""The demo: the product's main job, done from outside through the public API and the commands."""
