"""Pages of aftersales, by who sees them."""
