"""A conversation by text once it is there: writing back, words that end it, falling silent, handing it over."""
