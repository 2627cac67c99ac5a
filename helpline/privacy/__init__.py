"""Personal data from the first day: encryption bound to its row, keyed pseudonyms, masks."""
