"""Work owed to the outside world and timers, written in the same transaction as the change that owes them."""
