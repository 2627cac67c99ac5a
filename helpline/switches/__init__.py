"""Switches of the whole line, surge and outage: turned by a shift lead or the clock, for a while, and on record."""
