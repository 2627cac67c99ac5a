"""Surge and outage through the API: a lead turns them, everyone sees them, and the floor tells of them."""

from helpline.api.shapes import Switches
from tests.helpline.api.conftest import Client


def test_a_lead_turns_surge_on_and_off(lead: Client, mariam: Client):
    on = lead.put("/switches/surge", {"on": True, "for_s": 600, "reason": "storm"})
    assert on.status_code == 200
    assert Switches.model_validate(on.get_json()).surge.reason == "storm"
    assert mariam.get("/switches").get_json()["surge"]["reason"] == "storm"
    assert lead.get("/floor").get_json()["switches"]["surge"]["off_at"] is None
    assert lead.put("/switches/surge", {"on": False}).get_json() == {"surge": None, "outage": None}


def test_what_can_not_be_turned_is_refused_in_words(lead: Client, mariam: Client):
    assert lead.put("/switches/fire", {"on": True, "reason": "storm"}).status_code == 404
    assert lead.put("/switches/surge", {"on": True}).status_code == 422
    refused = lead.put("/switches/surge", {"on": True, "reason": "storm", "for_s": 1})
    assert (refused.status_code, refused.get_json()["type"]) == (422, "/problems/invalid")
    assert "1 minute to 720 minutes" in refused.get_json()["detail"]
    assert mariam.put("/switches/surge", {"on": False}).status_code == 403
