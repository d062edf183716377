"""The page at `/`: what runs, the last campaign, what the simulators received, where to go next."""
