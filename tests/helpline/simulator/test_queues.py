"""Waiting: the music that comes round, the way out by call identifier, by key, by hanging up."""

import threading

import pytest

from tests.helpline.simulator.fake_service import FakeService, eventually
from tests.helpline.simulator.telephone import Telephone

OTHER_CHILD = "+97455500002"


@pytest.fixture
def waiting(service: FakeService, phone: Telephone) -> list[str]:
    """Two children in the queue, the first one longer."""
    service.answers("/voice/incoming", '<Enqueue action="/out" waitUrl="/wait">children</Enqueue>')
    service.answers("/wait", "<Say>You are in the right place</Say><Pause length='5'/>")
    first = phone.dial()
    eventually(lambda: phone.call(first)["in_queue"])
    second = phone.dial(from_number=OTHER_CHILD)
    eventually(lambda: phone.call(second)["in_queue"])
    return [first, second]


def test_the_wait_document_is_asked_for_again_and_again(service: FakeService, phone: Telephone, waiting):
    eventually(lambda: len(service.requests_to("/wait")) > 5)
    asked = [params for params in service.requests_to("/wait") if params["CallSid"] == waiting[1]][-1]
    assert (asked["QueuePosition"], asked["CurrentQueueSize"], asked["MaxQueueSize"]) == ("2", "2", "1000")
    assert asked["QueueSid"] == phone.queue_sid("children")
    assert asked["QueueTime"].isdigit() and asked["AvgQueueTime"].isdigit()


def test_the_second_child_can_be_taken_first(service: FakeService, phone: Telephone, waiting):
    first, second = waiting
    service.answers("/room", "<Say>Now we talk</Say><Pause length='600'/>")
    queue = phone.queue_sid("children")
    phone.rest("POST", f"/Queues/{queue}/Members/{second}.json", {"Url": f"{service.url}/room"})
    phone.wait_until_heard(second, "Now we talk")
    assert phone.members("children") == [first]
    (out,) = eventually(lambda: service.requests_to("/out"))
    assert (out["CallSid"], out["QueueResult"], out["QueueSid"]) == (second, "redirected", queue)


def test_front_is_the_longest_waiting(service: FakeService, phone: Telephone, waiting):
    service.answers("/room", "<Pause length='600'/>")
    queue = phone.queue_sid("children")
    member = phone.rest("POST", f"/Queues/{queue}/Members/Front.json", {"Url": f"{service.url}/room"}).json()
    assert member["call_sid"] == waiting[0]


def test_taking_a_child_who_has_gone_is_a_404(service: FakeService, phone: Telephone, waiting):
    queue = phone.queue_sid("children")
    phone.sim("POST", f"/calls/{waiting[0]}/hangup")
    reply = phone.rest("POST", f"/Queues/{queue}/Members/{waiting[0]}.json", {"Url": f"{service.url}/room"}, status=404)
    assert reply.json()["code"] == 20404


def test_a_child_who_is_being_taken_cannot_be_taken_again(service: FakeService, phone: Telephone, waiting):
    asked, may_answer = threading.Event(), threading.Event()

    def answer_slowly(params: dict[str, str]) -> str:
        asked.set()
        may_answer.wait(5)
        return "<Pause length='5'/>"

    service.answers("/wait", answer_slowly)
    service.answers("/room", "<Pause length='600'/>")
    eventually(lambda: asked.is_set())
    path = f"/Queues/{phone.queue_sid('children')}/Members/{waiting[0]}.json"
    phone.rest("POST", path, {"Url": f"{service.url}/room"})
    assert phone.rest("POST", path, {"Url": f"{service.url}/room"}, status=404).json()["code"] == 20404
    assert phone.members("children") == [waiting[1]]
    may_answer.set()


def test_hanging_up_in_the_queue_is_told_to_the_action_and_then_the_status(
    service: FakeService, phone: Telephone, waiting
):
    phone.sim("POST", f"/calls/{waiting[0]}/hangup")
    eventually(lambda: service.requests_to("/voice/status"))
    (out,) = service.requests_to("/out")
    assert (out["QueueResult"], out["CallStatus"]) == ("hangup", "completed")
    assert phone.members("children") == [waiting[1]]


def test_a_key_in_the_queue_can_lead_out_of_it(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", '<Enqueue action="/out" waitUrl="/wait">children</Enqueue>')
    service.answers(
        "/wait", '<Gather numDigits="1" action="/key" timeout="60"><Say>Press 1 to be called</Say></Gather>'
    )
    service.answers("/key", "<Leave/>")
    service.answers("/out", "<Say>We will call you</Say>")
    sid = phone.dial()
    phone.wait_until_heard(sid, "Press 1 to be called")
    phone.press(sid, "1")
    phone.wait_for_status(sid, "completed")
    assert phone.heard(sid)[-1] == "We will call you"
    assert service.requests_to("/out")[0]["QueueResult"] == "leave"


def test_a_full_queue_goes_on_at_the_action(service: FakeService, phone: Telephone):
    service.answers("/voice/incoming", '<Enqueue action="/out" waitUrl="/wait" maxQueueSize="0">children</Enqueue>')
    service.answers("/out", "<Say>Here is another way</Say>")
    sid = phone.dial()
    phone.wait_for_status(sid, "completed")
    assert service.requests_to("/out")[0]["QueueResult"] == "queue-full"
    assert phone.heard(sid) == ["Here is another way"]


def test_a_waiting_call_can_be_redirected_like_any_other(service: FakeService, phone: Telephone, waiting):
    service.answers("/elsewhere", "<Say>come with me</Say><Pause length='600'/>")
    phone.rest("POST", f"/Calls/{waiting[0]}.json", {"Url": f"{service.url}/elsewhere"})
    phone.wait_until_heard(waiting[0], "come with me")
    assert eventually(lambda: service.events("/out", "QueueResult")) == ["redirected"]


def test_a_call_that_has_ended_cannot_be_redirected(service: FakeService, phone: Telephone, waiting):
    phone.sim("POST", f"/calls/{waiting[0]}/hangup")
    phone.wait_for_status(waiting[0], "completed")
    reply = phone.rest("POST", f"/Calls/{waiting[0]}.json", {"Url": f"{service.url}/elsewhere"}, status=400)
    assert reply.json()["code"] == 21220
    assert phone.rest("POST", "/Calls/CA" + "9" * 32 + ".json", {"Status": "completed"}, 404).json()["code"] == 20404
