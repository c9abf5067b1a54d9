"""Paying through the provider: opened here, believed only when the provider says so, booked once."""
