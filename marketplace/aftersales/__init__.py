"""What happens when something was wrong or is given back: withdrawals, complaints, corrections."""
