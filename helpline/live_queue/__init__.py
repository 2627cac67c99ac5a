"""Who waits, in what order, and who is being offered to whom. The order itself is triage/ordering.py."""
