"""Who is drawn and why, as plain values."""
