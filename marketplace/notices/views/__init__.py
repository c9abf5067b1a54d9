"""Pages and buttons around marks and notices."""
