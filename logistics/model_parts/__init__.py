"""The tables of logistics, by subject; import them from `logistics.models`."""
