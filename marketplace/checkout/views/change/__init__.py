"""The pages on which a customer changes an order until the cut-off, one module for each."""
