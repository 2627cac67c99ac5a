"""Partners and workflows are data that people review; what could leave a child alone is refused with its place."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.data_file import ConfigInvalid
from config.handoffs import Workflow, load_workflows
from config.partners import load_partners
from config.workflow_check import check_workflows
from helpline.partners.directory import fits

SHIPPED = Path(__file__).resolve().parents[3] / "config"
NOON = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be broken."""
    shutil.copy(SHIPPED / "partners.toml", tmp_path)
    shutil.copy(SHIPPED / "categories.toml", tmp_path)
    for name in ("workflows", "calendars"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_files_are_in_order():
    assert check_workflows(SHIPPED) == []


def test_a_hand_off_reads_back_the_very_workflow_it_kept():
    workflow = load_workflows(SHIPPED)["police_emergency"]
    assert Workflow.model_validate(workflow.frozen()) == workflow


WORKFLOW, COUNSELLING = "workflows/police_emergency.toml", "workflows/family_counselling.toml"
COURT = "workflows/court_order.toml"
SHELTER, DESK = "workflows/shelter_placement.toml", "workflows/community_desk.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        (WORKFLOW, 'do = "page"\nto = "shift_lead"\nrepeat_s = 30\nuntil = "taken"', 'do = "call"', "chain"),
        (WORKFLOW, 'do = "call"\n', 'do = "sms"\n', "chain"),
        (WORKFLOW, 'screen = "keypad_pin"', 'screen = "none"', "screen"),
        (WORKFLOW, 'accepted = "D2"', 'accepted = "D0"', "levels"),
        (WORKFLOW, "acknowledged = 300\n", "", "clocks"),
        (WORKFLOW, "accepted = 7200", "accepted = 0", "clocks"),
        (WORKFLOW, 'accepted = "D2"', 'accepted = "D3"', "community_police_north.agreement.max_level"),
        (WORKFLOW, "ring_s = 25", "ring_s = 25\nsurprise = 1", "surprise"),
        (WORKFLOW, 'workflow = "police_emergency"', 'workflow = "another_name"', "workflow"),
        ("partners.toml", 'workflows = ["police_emergency", ', 'workflows = ["unknown", ', "agreement.workflows"),
        ("partners.toml", 'kind = "operations_room"', 'kind = "police_desk"', "chain.3"),
        ("partners.toml", 'area = "north"', 'area = "north"\nsurprise = 1', "surprise"),
        (WORKFLOW, 'after = ["on_scene"]', 'after = ["child_met"]', "phases: child_met can not be reached"),
        (WORKFLOW, "in_progress = 7200\n", "", "clocks"),
        (WORKFLOW, "acknowledged = 300", "acknowledged = { open_hours = 2 }", "no partner yet by whose hours"),
        (WORKFLOW, 'live_call = "needed"', 'live_call = "not_needed"', "for a child on the line only"),
        (COUNSELLING, 'accepted = "D3"', 'accepted = "D4"', "levels"),
        (COURT, 'basis_allowed = ["court_order"]', 'basis_allowed = ["voice_only"]', "more than any basis"),
        (COUNSELLING, 'by = ["portal", "webhook", "email"]', 'by = ["sms"]', "chain"),
        (COUNSELLING, 'by = ["portal", "webhook", "email"]', 'by = ["paper"]', "chain.1"),
        (COUNSELLING, "ack = { open_days = 1 }", "ack = { open_days = 1, open_hours = 1 }", "chain"),
        (SHELTER, 'complete_after = ["arrived"]', "", "complete_after"),
        (SHELTER, "hold_s = 5400", "", "hold_s"),
        (DESK, "violence.trafficking", "violence.unheard_of", "never_for.categories"),
        ("partners.toml", 'sex = "female"', 'sex = "girls"', "sex"),
        ("partners.toml", "ages = [0, 17]", "ages = [17, 0]", "ages"),
        ("partners.toml", 'kind = "community_desk"', 'kind = "shelter"', "sites"),
        ("partners.toml", "+97455000112", "+97455000111", "partner"),
        ("partners.toml", 'key = "community_police_south"', 'key = "community_police_north"', "partner"),
        ("partners.toml", "+97455000111", "5500 0111", "address"),
        ("partners.toml", "valid_to = 2030-12-31", "valid_to = 2020-12-31", "agreement"),
    ],
)
def test_a_fault_is_named_with_its_place(folder: Path, file: str, old: str, new: str, place: str):
    edit(folder, file, old, new)
    faults = check_workflows(folder)
    assert any(place in fault for fault in faults), faults


def test_a_file_that_is_no_toml_is_refused(folder: Path):
    (folder / "partners.toml").write_text("schema = ", encoding="utf-8")
    with pytest.raises(ConfigInvalid):
        load_partners(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hours = { always_open = true }", 'hours = { weekly = { mon = ["20:00-23:00"] } }'),
        ("valid_from = 2026-01-01", "valid_from = 2027-01-01"),
        ('max_level = "D2"', 'max_level = "D1"'),
        ("can_ack = true", "can_ack = false"),
    ],
)
def test_a_partner_that_is_closed_not_agreed_with_or_not_reachable_does_not_fit(folder: Path, old: str, new: str):
    workflow = load_workflows(SHIPPED)["police_emergency"]
    assert fits(load_partners(folder)["community_police_north"], workflow, "police_desk", NOON)
    edit(folder, "partners.toml", old, new)
    assert not fits(load_partners(folder)["community_police_north"], workflow, "police_desk", NOON)


def test_an_agreement_ends_by_the_partners_own_calendar(folder: Path):
    edit(folder, "partners.toml", "valid_to = 2030-12-31", "valid_to = 2026-06-01")
    workflow = load_workflows(SHIPPED)["police_emergency"]
    partner = load_partners(folder)["community_police_north"]
    assert fits(partner, workflow, "police_desk", datetime(2026, 6, 1, 20, 59, tzinfo=UTC))  # 23:59 in Doha
    assert not fits(partner, workflow, "police_desk", datetime(2026, 6, 1, 21, 1, tzinfo=UTC))
