"""A whole conversation by text in Arabic, Arabizi and English, over a telephone company in a bad mood."""

from tests.journeys.conftest import HELPLINE, Helpline
from tests.journeys.people import Colleague, eventually

CHILD = "+97455123456"
# As children write: three languages, two alphabets, and one word that the telephone company takes for itself.
FIRST, LAST = "hello", "STOP"
BETWEEN = [
    "are you there?",
    "mar7aba ana 5ayfa",
    "أنا خائفة",
    "baba 7aba sni fi el ghorfa",
    "هو في البيت الآن",
    "what do I do",
    "ma abi a7ad ye3ref",
    "لا أستطيع الكلام",
]
TWICE = {"fault": "duplicate", "next": 4}
OVERTAKEN = {"fault": "reorder", "next": 2}


def test_ten_texts_are_each_kept_once_and_each_answer_arrives_once_and_a_stop_from_a_child_in_danger_is_no_silence(
    helpline: Helpline,
):
    counsellor, lead = helpline.hire("one", "+97455000101"), helpline.hire("two", "+97455000102", role="shift_lead")
    helpline.phones.text(CHILD, HELPLINE, FIRST)
    [welcome] = eventually(lambda: arrived(helpline))
    counsellor.be("available")
    contact_id = counsellor.accept()["contact_id"]
    url = f"/contacts/{contact_id}"

    in_bad_mood = [{"kind": "sms"} | OVERTAKEN, {"kind": "sms"} | TWICE, {"kind": "message-status"} | TWICE]
    helpline.phones.set_faults(callbacks=in_bad_mood, rest=[{"path": "/Messages", "drop_reply": True, "next": 1}])
    for body in BETWEEN:
        helpline.phones.text(CHILD, HELPLINE, body)
    eventually(lambda: len(written_by_child(counsellor, url)) == len(BETWEEN) + 1)
    for answer in ("I am here.", "أنا معك."):
        write(counsellor, url, answer)

    eventually(lambda: arrived(helpline) == [welcome, "I am here.", "أنا معك."], 30)
    counsellor.ask("PUT", f"{url}/risk", {"level": "high", "reason": "he is at home"}).raise_for_status()
    helpline.phones.text(CHILD, HELPLINE, LAST)
    eventually(lambda: "stop_asked" in alerts(lead))
    write(counsellor, url, "Are you safe now?")
    eventually(lambda: "texts_blocked" in alerts(lead))

    told = counsellor.get(f"{url}/messages")["messages"]
    assert [text["error_code"] for text in told if text["status"] == "failed"] == ["21610"]
    assert sorted(written_by_child(counsellor, url)) == sorted([FIRST, *BETWEEN, LAST])
    refused = counsellor.ask("POST", f"{url}/messages", {"body": "hello?"})
    assert refused.status_code == 409

    helpline.phones.text(CHILD, HELPLINE, "START")
    eventually(lambda: counsellor.ask("POST", f"{url}/messages", {"body": "I am still here."}).status_code == 201)
    eventually(lambda: arrived(helpline)[-1] == "I am still here.")
    assert len(arrived(helpline)) == 4
    assert helpline.phones.dead_lines() == []


def arrived(helpline: Helpline) -> list[str]:
    """What stands on the child's phone from us, in order."""
    texts = helpline.phones.texts_at(CHILD)
    return [text["body"] for text in texts if text["to"] == CHILD and text["status"] == "delivered"]


def written_by_child(counsellor: Colleague, url: str) -> list[str]:
    return [text["body"] for text in counsellor.get(f"{url}/messages")["messages"] if text["direction"] == "in"]


def alerts(lead: Colleague) -> set[str]:
    return {alert["kind"] for alert in lead.get("/floor")["contact_alerts"]}


def write(counsellor: Colleague, url: str, body: str) -> None:
    counsellor.ask("POST", f"{url}/messages", {"body": body}).raise_for_status()
