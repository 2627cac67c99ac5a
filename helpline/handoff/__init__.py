"""Handing an escalated contact to a partner, until somebody there has confirmed that the child is with them."""
