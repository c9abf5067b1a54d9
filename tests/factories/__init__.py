"""Rows for tests, made the way the market makes them."""
