"""Vouchers: what they take off, of whose goods, and who bears it."""
