"""The verbs and attributes that the line understands; anything else in an answer is worth a warning."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NESTING = {
    "Response": _words("Say Play Pause Gather Redirect Enqueue Leave Dial Hangup Reject Message"),
    "Gather": _words("Say Play Pause"),
    "Dial": _words("Number Conference Client"),
    "Client": _words("Identity Parameter"),
    "Message": _words("Body Media"),
}

_CALLED_LEG = "url method statusCallback statusCallbackMethod statusCallbackEvent"
_MACHINE = (
    "machineDetection machineDetectionTimeout machineDetectionSpeechThreshold "
    "machineDetectionSpeechEndThreshold machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod"
)
_RECORDING = (
    "recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent recordingConfigurationId"
)

ATTRIBUTES = {
    "Say": _words("voice language loop"),
    "Play": _words("loop digits"),
    "Pause": _words("length"),
    "Gather": _words(
        "action method input timeout speechTimeout maxSpeechTime numDigits finishOnKey actionOnEmptyResult language "
        "speechModel hints profanityFilter partialResultCallback partialResultCallbackMethod enhanced bargeIn debug"
    ),
    "Redirect": _words("method"),
    "Enqueue": _words("action method waitUrl waitUrlMethod workflowSid maxQueueSize"),
    "Leave": frozenset(),
    "Hangup": frozenset(),
    "Reject": _words("reason"),
    "Dial": _words(
        "action method timeout timeLimit callerId callReason hangupOnStar answerOnBridge record recordingTrack trim "
        "ringTone referUrl referMethod sequential events " + _RECORDING
    ),
    "Number": _words(_CALLED_LEG + " sendDigits byoc " + _MACHINE),
    "Client": _words(_CALLED_LEG),
    "Identity": frozenset(),
    "Parameter": _words("name value"),
    "Conference": _words(
        "muted beep startConferenceOnEnter endConferenceOnExit waitUrl waitMethod maxParticipants record region coach "
        "trim statusCallback statusCallbackMethod statusCallbackEvent eventCallbackUrl jitterBufferSize "
        "participantLabel " + _RECORDING
    ),
    "Message": _words("to from action method statusCallback"),
    "Body": frozenset(),
    "Media": frozenset(),
}

YES_OR_NO_ATTRIBUTES = _words(
    "actionOnEmptyResult profanityFilter enhanced bargeIn debug hangupOnStar answerOnBridge sequential muted "
    "startConferenceOnEnter endConferenceOnExit"
)
NUMERIC_ATTRIBUTES = _words(
    "loop length timeout numDigits maxSpeechTime maxQueueSize timeLimit maxParticipants machineDetectionTimeout"
)
