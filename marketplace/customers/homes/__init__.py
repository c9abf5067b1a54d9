"""Where a customer has goods brought to."""
