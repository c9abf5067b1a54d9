"""The pages of the telephone desk, in the order of a call."""
