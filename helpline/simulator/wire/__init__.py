"""What goes from the line to the service: signed webhooks, callbacks, their faults, and the journal of them."""
