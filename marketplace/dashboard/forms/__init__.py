"""What producers, applicants and the office enter."""
