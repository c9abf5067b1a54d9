"""Pages of reviews, by who sees them."""
