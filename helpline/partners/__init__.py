"""Who takes over a child we hand on: who is open and fits now, and the PINs their desks are known by."""
