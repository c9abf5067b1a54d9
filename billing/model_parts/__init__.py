"""The tables of billing, by subject; import them from `billing.models`."""
