"""Pages for producers and for the office."""
