"""The browser as a counsellor's phone: who it is at the telephone company, and the token that lets it register."""

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from config.settings import Settings

# Long enough for a break in the network, short enough that a lost laptop is not a phone of ours for the night.
# The page asks for a new one before this one ends.
TOKEN_SECONDS = 3600


class SoftphoneNotReady(Exception):
    """The keys for the browser softphone are not set."""


def identity_of(staff_id: int) -> str:
    """The name of this person's browser at the telephone company. Other characters than these silently fail there."""
    return f"staff_{staff_id}"


def client_address(staff_id: int) -> str:
    """What is rung when this person's phone is their browser."""
    return f"client:{identity_of(staff_id)}"


def make_token(settings: Settings, staff_id: int) -> str:
    """A token with which this person's browser may receive calls. Raises SoftphoneNotReady."""
    if not settings.softphone_ready:
        raise SoftphoneNotReady("TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET and TWILIO_TWIML_APP_SID are not all set")
    token = AccessToken(
        settings.twilio_account_sid,
        settings.twilio_api_key_sid,
        settings.twilio_api_key_secret.get_secret_value(),
        identity=identity_of(staff_id),
        ttl=TOKEN_SECONDS,
    )
    token.add_grant(VoiceGrant(incoming_allow=True, outgoing_application_sid=settings.twilio_twiml_app_sid))
    return token.to_jwt()
