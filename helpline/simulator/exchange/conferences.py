"""Conferences: who is in the room, who hears whom, and what the service is told about it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from helpline.simulator.exchange.calls import Call, DocumentRequest, Heard
from helpline.simulator.moments import new_sid, now, rfc_2822
from helpline.simulator.wire.callbacks import Callback, CallbackPlan

if TYPE_CHECKING:
    from helpline.simulator.exchange.line import Line

_SUBSCRIBED_AS = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "participant-speech-start": "speaker",
    "participant-speech-stop": "speaker",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}
EVENTS = frozenset(_SUBSCRIBED_AS.values())


@dataclass(eq=False)
class Participant:
    """One leg's part in a conference; it rings until `joined_at`, and is over once `left_because` is set."""

    call: Call
    conference: "Conference"
    label: str = ""
    muted: bool = False
    hold: bool = False
    coaching: bool = False
    coached_call_sid: str | None = None
    start_on_enter: bool = True
    end_on_exit: bool = False
    beep: str = "true"
    wait_document: DocumentRequest | None = None
    hold_document: DocumentRequest | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    joined_at: datetime | None = None
    left_because: str | None = None

    @property
    def status(self) -> str:
        """The participant's state in Twilio's words."""
        if self.left_because:
            return "failed" if self.left_because == "participant_add_failed" else "complete"
        if self.joined_at:
            return "connected"
        return {"queued": "queued", "ringing": "ringing"}.get(self.call.status, "connecting")

    def waits_for(self) -> str | None:
        """Why this person hears music and nobody: on hold, or the conference has not begun."""
        if self.hold:
            return "hold"
        return None if self.conference.status == "in-progress" else "start"


@dataclass(eq=False)
class Conference:
    """A room. All methods are called under the line's lock."""

    line: "Line"
    friendly_name: str
    sid: str = field(default_factory=lambda: new_sid("CF"))
    status: str = "init"
    participants: list[Participant] = field(default_factory=list)
    callback: CallbackPlan | None = None
    callbacks_sent: int = 0
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    reason_ended: str | None = None
    call_sid_ending: str | None = None

    @property
    def joined(self) -> list[Participant]:
        """Those who are in the room, without those still ringing."""
        return [participant for participant in self.participants if participant.joined_at]

    def find(self, call_sid_or_label: str) -> Participant | None:
        """A participant by call identifier or label."""
        for participant in self.participants:
            if call_sid_or_label in (participant.call.sid, participant.label or None):
                return participant
        return None

    def add(self, participant: Participant, callback: CallbackPlan | None) -> None:
        """Make room for a leg; only the first one's callback counts, as with Twilio."""
        if not self.participants and self.callback is None:
            self.callback = callback
        self.participants.append(participant)
        participant.call.participant = participant

    def join(self, participant: Participant) -> None:
        """The leg is in the room; the conference begins with the second, if one of them may begin it."""
        participant.joined_at = self.updated_at = now()
        self.tell("participant-join", participant)
        if participant.beep in ("true", "onEnter"):
            self._beep(participant)
        may_begin = any(other.start_on_enter for other in self.joined)
        if self.status == "init" and len(self.joined) >= 2 and may_begin:
            self.status = "in-progress"
            self.tell("conference-start")
        self.wake_everyone()

    def leave(self, participant: Participant, reason: str, kicked: bool = False) -> None:
        """Take a leg out of the room; the last one, or one that must not be left, ends the conference."""
        if participant.left_because:
            return
        self._release(participant, reason)
        how = "kicked" if kicked else "left"
        if participant.end_on_exit and participant.joined_at:
            ending = f"participant-with-end-conference-on-exit-{how}"
            self.end(ending, "moderator_ended_conference", participant)
        elif not self.participants:
            self.end(f"last-participant-{how}", "", participant)
        self.wake_everyone()

    def end(self, reason: str, others_leave_because: str, ended_by: Participant | None = None) -> None:
        """Close the room: everybody is released, legs that still ring are taken back."""
        if self.status == "completed":
            return
        self.status, self.reason_ended, self.updated_at = "completed", reason, now()
        self.call_sid_ending = ended_by.call.sid if ended_by else None
        for other in list(self.participants):
            self._release(other, others_leave_because)
        label = ended_by.label if ended_by else ""
        self.tell(
            "conference-end",
            CallSidEndingConference=self.call_sid_ending or "",
            ParticipantLabelEndingConference=label,
            ReasonConferenceEnded=reason,
            Reason=f"Conference ended: {reason.replace('-', ' ')}",
        )

    def _release(self, participant: Participant, reason: str) -> None:
        participant.left_because, participant.updated_at = reason, now()
        self.participants.remove(participant)
        participant.call.participant = None
        if not participant.joined_at:
            participant.call.end("canceled", reason)
        self.tell(
            "participant-leave",
            participant,
            ParticipantCallStatus=participant.call.end_status or participant.call.status,
            ReasonParticipantLeft=reason,
        )
        participant.call.wake()

    def wake_everyone(self) -> None:
        """Let every thread in the room look again."""
        for participant in self.participants:
            participant.call.wake()

    def _beep(self, newcomer: Participant) -> None:
        for other in self.joined:
            if other is not newcomer:
                other.call.hear(Heard("play", "beep"))

    def tell(self, event: str, about: Participant | None = None, **more: str) -> None:
        """Send the service a conference event, if the conference was told to."""
        plan = self.callback
        if plan is None or _SUBSCRIBED_AS[event] not in plan.events:
            return
        self.callbacks_sent += 1
        params = {
            "AccountSid": self.line.account.sid,
            "ConferenceSid": self.sid,
            "FriendlyName": self.friendly_name,
            "StatusCallbackEvent": event,
            "SequenceNumber": str(self.callbacks_sent),
            "Timestamp": rfc_2822(now()),
            **(participant_params(about) if about else {}),
            **more,
        }
        self.line.callbacks.send(Callback(self.sid, "conference", event, plan.url, params, plan.method))


def participant_params(participant: Participant) -> dict[str, str]:
    """What every event about one participant tells of them."""
    params = {
        "CallSid": participant.call.sid,
        "Muted": _yes_or_no(participant.muted),
        "Hold": _yes_or_no(participant.hold),
        "Coaching": _yes_or_no(participant.coaching),
        "EndConferenceOnExit": _yes_or_no(participant.end_on_exit),
        "StartConferenceOnEnter": _yes_or_no(participant.start_on_enter),
    }
    return params | ({"ParticipantLabel": participant.label} if participant.label else {})


def _yes_or_no(value: bool) -> str:
    return "true" if value else "false"
