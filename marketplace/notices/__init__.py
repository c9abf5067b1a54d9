"""What people want to be told, and what they marked to find it again."""
