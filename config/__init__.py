"""What a helpline may change without a programmer, and the one place that reads it."""
