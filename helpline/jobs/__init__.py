"""What runs beside the web: the worker that does owed work, and the clock that fires timers and sweeps."""
