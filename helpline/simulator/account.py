"""The account the line is rented under: who may call its REST interface, and where the service lives."""

from dataclasses import dataclass

API_VERSION = "2010-04-01"


@dataclass(frozen=True)
class Account:
    """One Twilio-like account with one number, whose webhooks point at the service.

    `speed` divides every time on the line (speech, time-outs, ringing): 50 makes a minute 1.2 seconds.
    HTTP time-outs are never divided, because the service itself does not run faster.
    """

    sid: str
    token: str
    service_url: str
    speed: float = 1.0

    @classmethod
    def from_settings(cls, settings) -> "Account":
        """The account named in the service's own settings; both sides must hold the same token."""
        return cls(
            sid=settings.twilio_account_sid,
            token=settings.twilio_auth_token.get_secret_value(),
            service_url=str(settings.public_base_url).rstrip("/"),
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
