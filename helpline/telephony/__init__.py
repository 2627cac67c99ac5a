"""The telephone company: the only room that knows Twilio and the shapes of phone numbers."""
