"""The line's own interface, for its pages, scripts and tests: what no telephone company would offer."""
