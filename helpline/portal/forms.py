"""Reads the forms of the page into the fields that each act takes. Whether they are right is for the act to say."""

from werkzeug.datastructures import MultiDict

from helpline.handoff.models import Handoff

# As the forms give them. `version` is that of the page: what has moved on since is looked at again first.
TEXTS = {
    "see": (),
    "acknowledge": (),
    "accept": ("name", "badge", "incident_number", "no_incident_reason", "receipt_number"),
    "decline": ("code", "note"),
    "wrong_office": (),
    "advance": ("phase", "code_word"),
    "return": ("reason",),
    "confirm": ("outcome", "by"),
    "milestone": ("milestone", "answer"),
    "agree_cancel": ("by",),
    "attest_recall": ("by",),
}
SEEN_FIRST = ("advance", "return", "confirm", "agree_cancel")


def read_fields(act: str, form: MultiDict, handoff: Handoff) -> dict[str, object]:
    """The fields of one act."""
    fields: dict[str, object] = {name: form.get(name, "").strip() for name in TEXTS[act]}
    if act == "accept":
        fields |= _read_acceptance(form, handoff)
    if act == "attest_recall":
        fields["answer"] = "deleted"
    if act in SEEN_FIRST and form.get("version", "").isdecimal():
        fields["version"] = int(form["version"])
    return fields


def _read_acceptance(form: MultiDict, handoff: Handoff) -> dict[str, object]:
    services = handoff.workflow_as_started.services
    read: dict[str, object] = {"services": {code: form.get(f"service_{code}", "") for code in services}}
    if "some" in form:  # the form lets people be chosen one by one
        read["members"] = [int(number) for number in form.getlist("member") if number.isdecimal()]
    return read
