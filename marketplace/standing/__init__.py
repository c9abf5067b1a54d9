"""Standing orders: what a customer wants again and again."""
