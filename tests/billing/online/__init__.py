"""Paying through the provider, against the practice bank over HTTP."""
