"""The floor (kernel, residents) and the roof (features, app, worker, commands) of Novads."""
