"""How a customer logs in."""
