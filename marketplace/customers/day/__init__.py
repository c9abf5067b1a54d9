"""The day of the delivery: when the goods come, where they may be left, who fetches them."""
