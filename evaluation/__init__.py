"""What happens in the evaluation room, as plain values."""
