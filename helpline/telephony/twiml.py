"""Turns what should happen on a call into TwiML. The only place that knows a verb.

Nothing that a caller said or typed is ever put into TwiML, so nothing can be injected through it; the agreed words of
a safe contact plan, which staff write, are the only text that is not a prompt.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from uuid import UUID

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Enqueue, Gather, VoiceResponse

from helpline.telephony.addresses import Addresses
from ivr_flows.events import Event, Listen, Pause, Prompt, Say
from ivr_flows.library import Library

HOLD_QUEUE = "hold"
ROOM_EVENTS = "start end join leave mute hold"
LONGEST_CALL_SECONDS = 14400
KEPT_ANSWERS = 64


class Speaker:
    """What one helpline says, in its languages and voices; begins every answer to a voice webhook."""

    def __init__(self, library: Callable[[], Library], addresses: Addresses, values: Mapping[str, str]):
        self._library = library  # asked each time: what is in force changes while the process runs
        self.address = addresses
        self.values = values
        # The first words are the same for everyone, so they are put into XML once and not for every call.
        self.render = lru_cache(KEPT_ANSWERS)(self._render)

    def _render(self, events: tuple[Event, ...], path: str) -> str:
        """A whole answer that does what a flow's step says, as XML."""
        return str(self.answer().follow(events, path))

    @property
    def library(self) -> Library:
        """The sentences of the flows in force, and of those in which calls may still be under way."""
        return self._library()

    def answer(self) -> "Answer":
        """A new, empty answer."""
        return Answer(self)

    def text(self, key: str, language: str) -> str:
        """A prompt that is read on a screen, such as the first reply to a text."""
        return self.library.spoken(Prompt(key, language), self.values).text

    def can_speak(self, language: str) -> bool:
        """Whether a synthetic voice speaks this language; words that are no prompt need one."""
        return language in self.library.speech and bool(self.library.speech[language].voice)


class Answer:
    """One TwiML document under way. Each method adds what happens next and returns the answer itself."""

    def __init__(self, speaker: Speaker):
        self._speaker = speaker
        self._response = VoiceResponse()

    def __str__(self) -> str:
        return str(self._response)

    def say(self, *keys: str, languages: Iterable[str]) -> "Answer":
        """Speak these prompts, in each of these languages in turn."""
        for language in languages:
            self._speak(self._response, [Prompt(key, language) for key in keys])
        return self

    def say_agreed(self, words: str, language: str) -> "Answer":
        """Speak words that a person has agreed with a child to leave on their machine, and no others."""
        spoken_by = self._speaker.library.speech[language]
        self._response.say(words, voice=spoken_by.voice, language=spoken_by.say_language)
        return self

    def pause(self, seconds: int) -> "Answer":
        """Be quiet for so long."""
        self._response.pause(length=seconds)
        return self

    def follow(self, events: Iterable[Event], path: str) -> "Answer":
        """Speak and listen as a flow's step says. A key, and silence too, is posted to `path`."""
        for event in events:
            match event:
                case Say(prompts):
                    self._speak(self._response, prompts)
                case Pause(seconds):
                    self.pause(seconds)
                case Listen(prompts, timeout_s):
                    self.listen(path, digits=1, timeout_s=timeout_s, prompts=prompts)
        return self

    def listen(
        self, path: str, *, digits: int, timeout_s: int, prompts: Iterable[Prompt] = (), finish_key: str = ""
    ) -> "Answer":
        """Speak, and listen for keys only: no speech is sent to a recogniser, and noise in a home is no answer.

        `finish_key` is empty so that # and * are keys like others; only a PIN may be ended by one. An empty result
        is posted as well, so that silence always leads on; should even that fail, the redirect asks us again.
        """
        action = self._speaker.address(path)
        gather = self._response.gather(
            input="dtmf",
            num_digits=digits,
            timeout=timeout_s,
            finish_on_key=finish_key,
            action=action,
            method="POST",
            action_on_empty_result=True,
        )
        self._speak(gather, prompts)
        self._response.redirect(action, method="POST")
        return self

    def ask_in_passing(self, path: str, *, timeout_s: int, prompts: Iterable[Prompt]) -> "Answer":
        """Ask for one key that nobody has to press: silence is not posted, and what follows here comes next."""
        action = self._speaker.address(path)
        gather = self._response.gather(
            input="dtmf", num_digits=1, timeout=timeout_s, finish_on_key="", action=action, method="POST"
        )
        self._speak(gather, prompts)
        return self

    def hold(self, step: int) -> "Answer":
        """Put the caller into the telephone company's hold queue; who is next is decided by us, not by it."""
        enqueue = Enqueue(
            HOLD_QUEUE,
            wait_url=self._speaker.address("/voice/waiting", n=step),
            wait_url_method="POST",
            action=self._speaker.address("/voice/hold-ended", n=step),
            method="POST",
        )
        self._response.append(enqueue)
        return self

    def enter_room(self, room: str, leg_id: UUID, path: str) -> "Answer":
        """Join a call's room. No one's leaving ends it for the others: that is for us to decide. Then `path`."""
        dial = Dial(action=self._speaker.address(path), method="POST", time_limit=LONGEST_CALL_SECONDS)
        dial.conference(
            room,
            participant_label=leg_id.hex,
            beep=False,
            start_conference_on_enter=True,
            end_conference_on_exit=False,
            status_callback=self._speaker.address("/voice/room-events"),
            status_callback_method="POST",
            status_callback_event=ROOM_EVENTS,
        )
        self._response.append(dial)
        return self

    def ring_one(self, number: str, caller_id: str, seconds: int) -> "Answer":
        """Ring a phone and connect it; go on if nobody answers."""
        dial = Dial(timeout=seconds, caller_id=caller_id)
        dial.number(number)
        self._response.append(dial)
        return self

    def go_on_at(self, path: str, **query: object) -> "Answer":
        """Ask us again at `path`."""
        self._response.redirect(self._speaker.address(path, **query), method="POST")
        return self

    def hang_up(self) -> "Answer":
        """End the call. Only ever said to a caller whose talk is over, or to a phone that is not a child's."""
        self._response.hangup()
        return self

    def _speak(self, parent: VoiceResponse | Gather, prompts: Iterable[Prompt]) -> None:
        """Speak them in order. Sentences of one voice are spoken in one breath: each Say begins with a gap."""
        sounds = [self._speaker.library.spoken(prompt, self._speaker.values) for prompt in prompts]
        for voice, group in groupby(sounds, lambda sound: getattr(sound, "voice", None)):
            if voice is None:
                for recording in group:
                    parent.play(self._speaker.address(f"/recordings/{recording.address}"))
            else:
                spoken = list(group)
                text = " ".join(sound.text for sound in spoken)
                parent.say(text, voice=voice, language=spoken[0].say_language)


def no_text_reply() -> str:
    """The answer to a text that gets no automatic reply."""
    return str(MessagingResponse())


def text_reply(text: str, status_callback: str) -> str:
    """The answer to a text: one reply, sent by the telephone company."""
    response = MessagingResponse()
    response.message(text, action=status_callback, method="POST")
    return str(response)
