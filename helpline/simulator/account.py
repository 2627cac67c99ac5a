"""The account the line is rented under: who may call its REST interface, and where the service lives."""

from dataclasses import dataclass

API_VERSION = "2010-04-01"
# Where the line keeps a static document for its customer, as Twilio does in a TwiML Bin: it outlives the service.
HOSTED_FALLBACK = "/twiml-bins/fallback"


@dataclass(frozen=True)
class Account:
    """One Twilio-like account with one number, whose webhooks point at the service.

    `fallback_url` is asked for when the service fails: its own fallback, or the document that the line hosts.

    `speed` divides every time on the line (speech, time-outs, ringing): 50 makes a minute 1.2 seconds.
    HTTP time-outs are never divided, because the service itself does not run faster.
    """

    sid: str
    token: str
    service_url: str
    fallback_url: str
    speed: float = 1.0

    @classmethod
    def from_settings(cls, settings) -> "Account":
        """The account named in the service's own settings; both sides must hold the same token."""
        service_url = str(settings.public_base_url).rstrip("/")
        hosted_here = f"http://127.0.0.1:{settings.simulator_port}{HOSTED_FALLBACK}"
        return cls(
            sid=settings.twilio_account_sid,
            token=settings.twilio_auth_token.get_secret_value(),
            service_url=service_url,
            fallback_url=hosted_here if settings.simulator_fallback else f"{service_url}/voice/fallback",
            speed=settings.simulator_speed,
        )

    @property
    def path(self) -> str:
        """The path under which this account's REST resources live."""
        return f"/{API_VERSION}/Accounts/{self.sid}"

    def webhook(self, path: str) -> str:
        """The address of one of the webhooks configured for the number."""
        return f"{self.service_url}{path}"

    def real_seconds(self, seconds: float) -> float:
        """How long `seconds` on the line last on the wall clock."""
        return seconds / self.speed
