"""Reading the service's TwiML and carrying it out on a call."""
