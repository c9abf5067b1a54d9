"""What buyers say of articles and producers."""
