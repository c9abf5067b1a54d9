"""The pages of the checkout, one module for each step."""
