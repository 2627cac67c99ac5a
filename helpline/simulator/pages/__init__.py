"""Phones to hold in a browser: a child's, the counsellors', the desks', an authenticator, and the line itself."""
