"""An append-only, hash-chained record of who saw and did what."""
