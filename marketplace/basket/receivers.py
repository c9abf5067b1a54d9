"""What the basket does when a person logs in."""
