"""What editors put pages together from."""
