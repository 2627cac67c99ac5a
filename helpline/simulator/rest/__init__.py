"""Twilio's REST interface, as far as the service uses it, checked more strictly than Twilio does."""
