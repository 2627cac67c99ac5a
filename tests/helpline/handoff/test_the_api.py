"""Hand-offs through the JSON API: asked for, seen, moved, and refused, by who may and who may not."""

import pytest
from werkzeug.test import TestResponse

from helpline.api.shapes import Handoff as HandoffShape
from helpline.staff.accounts import create_staff
from helpline.staff.models import Staff
from helpline.staff.tokens import issue_token
from tests.helpline.handoff.scene import NORTH, Scene


class Api:
    """One person's use of the API."""

    def __init__(self, scene: Scene, staff: Staff):
        self._client = scene.app.test_client()
        self._headers = {"Authorization": f"Bearer {issue_token(scene.session, staff, 'operator')}"}
        scene.session.commit()

    def get(self, path: str) -> TestResponse:
        return self._client.get(f"/api/v1{path}", headers=self._headers)

    def put(self, path: str, **body: object) -> TestResponse:
        return self._client.put(f"/api/v1{path}", json=body, headers=self._headers)

    def post(self, path: str, **body: object) -> TestResponse:
        return self._client.post(f"/api/v1{path}", json=body, headers=self._headers)


@pytest.fixture
def mariam(scene: Scene) -> Api:
    return Api(scene, scene.mariam)


def ask(scene: Scene, api: Api) -> TestResponse:
    answer = api.post(f"/contacts/{scene.contact.id}/handoffs", workflow="police_emergency")
    scene.do_owed()
    return answer


def test_asked_for_seen_accepted_left_confirmed_and_closed(scene: Scene, mariam: Api):
    asked = ask(scene, mariam)
    assert asked.status_code == 201
    ref = asked.json["ref"]
    assert (asked.json["state"], asked.json["responsible"]) == ("offering", "us")
    scene.bring_in(NORTH)

    seen = mariam.get(f"/handoffs/{ref.lower()}")
    HandoffShape.model_validate(seen.json)
    assert (seen.json["state"], seen.json["phase"]) == ("acknowledged", "introduced")
    assert seen.json["offers"][0]["partner"]["name"]["ar"].startswith("مكتب الشرطة")
    assert seen.json["timers"][0]["kind"] == "handoff_clock"

    accepted = mariam.post(f"/handoffs/{ref}/accept", badge="4021", incident_number="7", version=seen.json["version"])
    assert (accepted.json["state"], accepted.json["responsible"]) == ("accepted", "partner")
    assert "4021" not in accepted.text
    assert mariam.post(f"/handoffs/{ref}/leave").status_code == 200
    assert scene.contact.state == "wrap_up"
    assert mariam.post(f"/handoffs/{ref}/confirm", outcome="other", by="4021").json["state"] == "completed"
    assert mariam.post(f"/handoffs/{ref}/close", follow_up="called").json["state"] == "closed"
    assert mariam.get(f"/contacts/{scene.contact.id}").json["events"][-1]["kind"] == "handoff.close"


@pytest.mark.parametrize(
    ("step", "body", "status"),
    [
        ("close", {"follow_up": "called"}, 409),
        ("confirm", {"outcome": "other", "by": "4021"}, 409),
        ("leave", {}, 409),
        ("cancel", {"reason": "by_mistake", "version": 1}, 409),
        ("accept", {"badge": "4021"}, 422),
        ("cancel", {}, 422),
        ("cancel", {"reason": "because"}, 422),
        ("cancel", {"surprise": "1"}, 422),
        ("accept", {"badge": "a\nb", "incident_number": "1"}, 422),
        ("vanish", {}, 404),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    scene: Scene, mariam: Api, step: str, body: dict, status: int
):
    ref = ask(scene, mariam).json["ref"]
    before = mariam.get(f"/handoffs/{ref}").json
    refused = mariam.post(f"/handoffs/{ref}/{step}", **body)
    assert (refused.status_code, refused.content_type) == (status, "application/problem+json")
    assert mariam.get(f"/handoffs/{ref}").json == before


def test_others_hand_offs_are_not_known_to_exist(scene: Scene, mariam: Api):
    ref = ask(scene, mariam).json["ref"]
    staff = {"email": "yusuf@helpline.example", "name": "yusuf", "role": "counsellor", "languages": ["ar"]}
    yusuf = create_staff(scene.session, scene.line.keys, device_number=None, actor="operator", **staff)
    stranger = Api(scene, yusuf)
    assert stranger.get(f"/handoffs/{ref}").status_code == 404
    assert stranger.post(f"/handoffs/{ref}/cancel", reason="by_mistake").status_code == 404
    assert ask(scene, stranger).status_code == 404
    assert Api(scene, scene.lead).get(f"/handoffs/{ref}").status_code == 200


@pytest.mark.parametrize("body", [{"workflow": "unknown"}, {"workflow": "police_emergency", "area": "moon"}, {}])
def test_an_unknown_workflow_or_area_is_refused(scene: Scene, mariam: Api, body: dict):
    assert mariam.post(f"/contacts/{scene.contact.id}/handoffs", **body).status_code == 422


def test_a_second_request_is_a_conflict(scene: Scene, mariam: Api):
    ask(scene, mariam)
    assert ask(scene, mariam).status_code == 409


def test_the_floor_shows_it_with_its_clock(scene: Scene, mariam: Api):
    ref = ask(scene, mariam).json["ref"]
    [shown] = Api(scene, scene.lead).get("/floor").json["handoffs"]
    assert (shown["ref"], shown["offer"]["state"]) == (ref, "sent")
    assert {timer["kind"] for timer in shown["timers"]} == {"handoff_clock", "handoff_try"}


def test_what_a_partner_tells_by_telephone_is_written_down_and_its_receipt_is_the_answer(scene: Scene):
    lead = Api(scene, scene.lead)
    told = {"partner": "community_desk_city", "workflow": "from_community_desk", "language": "ar", "origin_ref": "D-17"}
    received = lead.post("/handoffs/inbound", **told, members=[{"sex": "female", "age": 12}])
    assert received.status_code == 201
    HandoffShape.model_validate(received.json)
    assert (received.json["responsible"], received.json["origin"]["key"]) == ("partner", "community_desk_city")
    assert received.json["members"][0]["age"] == 12
    accepted = lead.post(f"/handoffs/{received.json['ref']}/accept")
    assert (accepted.json["state"], accepted.json["responsible"]) == ("accepted", "us")
    assert lead.post("/handoffs/inbound", **told | {"partner": "shelter_city"}).status_code == 422


def test_beds_are_counted_and_never_say_where_they_are(scene: Scene, mariam: Api):
    seen = mariam.get("/shelters")
    boys = next(bed for bed in seen.json["beds"] if bed["partner"] == "shelter_south")
    assert (boys["free"], boys["ages"]) == (10, [10, 17])
    put = mariam.put("/shelters/shelter_south/south_house/boys", occupied=4, accepting=True)
    boys = next(bed for bed in put.json["beds"] if bed["partner"] == "shelter_south")
    assert boys["free"] == 6
    assert mariam.put("/shelters/shelter_south/south_house/boys", occupied=11).status_code == 422
    assert mariam.put("/shelters/shelter_south/south_house/girls", occupied=1).status_code == 422


def test_a_place_for_two_with_its_phases_by_program(scene: Scene, mariam: Api):
    members = [{"sex": "female", "age": 9}, {"sex": "male", "age": 14}]
    asked = mariam.post(f"/contacts/{scene.contact.id}/handoffs", workflow="shelter_placement", members=members)
    assert asked.status_code == 201
    services = {"psychological": "yes", "medical": "yes", "legal": "no", "schooling": "later"}
    said = {"partner": "shelter_city", "name": "Amal", "services": services, "members": [1]}
    accepted = mariam.post(f"/handoffs/{asked.json['ref']}/accept", **said)
    assert (accepted.json["responsible"], len(accepted.json["family"])) == ("shared", 2)
    moved = mariam.post(f"/handoffs/{asked.json['ref']}/advance", phase="in_transit")
    assert (moved.json["state"], moved.json["phase"]) == ("in_progress", "in_transit")
