"""The loader trusts nothing: each fault is refused with the file, the rule and what is wrong."""

import pytest

from triage.rules import RulesInvalid, load_rules

SILENT_LINE = 'id = "silent_line"\nsignal = "silent_line"\npoints = 20\nfloor = "elevated"\n'


def damage(folder, file_name, old, new):
    path = folder / file_name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file_name} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file_name", "old", "new", "fault"),
    [
        ("silence.toml", "points = 20\n", "points = 20\nmood = 3\n", "rule silent_line: unknown key mood"),
        ("silence.toml", "points = 20\n", "points = 20\nnone = []\n", "rule silent_line: unknown key none"),
        ("silence.toml", "points = 20\n", "points = -5\n", "rule silent_line: points must be"),
        ("silence.toml", "points = 20\n", "points = 2.5\n", "rule silent_line: points must be"),
        ("silence.toml", "points = 20\n", "", "rule silent_line: missing points"),
        ("silence.toml", '"elevated"', '"urgent"', "rule silent_line: floor 'urgent' is not a level"),
        ("silence.toml", "reason.ar =", "reason.fr =", "rule silent_line: reason.ar must be text"),
        ("silence.toml", 'source = "Childline', 'source = ""  # "', "rule silent_line: source must be text"),
        ("silence.toml", SILENT_LINE, SILENT_LINE + 'any = ["night"]\n', "needs either signal, or all and any"),
        ("silence.toml", '"silent_again"\n', '"silent_again"\nat_least = 2\n', "rule silent_again: at_least"),
        ("silence.toml", 'id = "silent_again"', "id = 7", "rule 7: id must be text"),
        ("silence.toml", '[["silent_line"], ', '[["silentline"], ', "names the signal 'silentline'"),
        ("silence.toml", '"silent_line=1"', '"silent_line=x"', "rule silent_line: invalid literal"),
        ("silence.toml", 'id = "silent_again"', 'id = "night"', "rule night: this id is used 2 times"),
        ("silence.toml", "schema = 1", "schema = 2", "silence.toml: schema is 2"),
        ("silence.toml", 'owner = "clinical lead"\n', "", "silence.toml: missing owner"),
        ("silence.toml", 'theme = "silence"', 'theme = "silence', "silence.toml: "),
        ("levels.toml", "high = 60", "high = 90", "levels.toml: cuts must fall"),
        ("levels.toml", "routine = 10", "", "levels.toml: missing routine"),
        ("levels.toml", "routine = 10", "routine = 10\nbenign = 1", "levels.toml: unknown key benign"),
        ("menus.toml", 'floor = "critical"', 'floor = "high"', "signal danger_key: some rule must give it"),
        ("not_understood.toml", 'floor = "elevated"', "", "signal text_unread_by_rules: some rule must"),
    ],
)
def test_a_fault_is_refused_with_its_place(rule_folder, file_name, old, new, fault):
    damage(rule_folder, file_name, old, new)
    with pytest.raises(RulesInvalid) as refused:
        load_rules(rule_folder)
    assert fault in str(refused.value)
    assert all(
        line.startswith((file_name, "context.toml: rule night", "risk_rules: ")) for line in refused.value.faults
    )


def test_all_faults_are_told_at_once(rule_folder):
    damage(rule_folder, "silence.toml", "points = 20\n", "points = -1\n")
    damage(rule_folder, "silence.toml", "points = 15\n", "points = -1\n")
    damage(rule_folder, "age.toml", "reason.en =", "reason.xx =")
    with pytest.raises(RulesInvalid) as refused:
        load_rules(rule_folder)
    assert [line.split(": ")[:2] for line in refused.value.faults] == [
        ["age.toml", "rule age_up_to_9"],
        ["silence.toml", "rule silent_line"],
        ["silence.toml", "rule silent_again"],
    ]


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(RulesInvalid, match="exactly one file of theme 'levels'"):
        load_rules(tmp_path)


def test_two_files_of_levels_are_refused(rule_folder):
    (rule_folder / "more_levels.toml").write_text((rule_folder / "levels.toml").read_text())
    with pytest.raises(RulesInvalid, match="found 2"):
        load_rules(rule_folder)


def test_any_change_of_content_changes_the_version(rule_folder):
    before = load_rules(rule_folder).version
    damage(rule_folder, "silence.toml", "points = 20\n", "points = 21\n")
    after = load_rules(rule_folder).version
    assert before != after
    assert before.split("@")[0] == after.split("@")[0]


def test_files_that_nobody_signed_are_named(rule_folder):
    damage(rule_folder, "age.toml", 'reviewed_by = ""', 'reviewed_by = "clinical lead"')
    assert "age.toml" not in load_rules(rule_folder).unsigned
    assert "silence.toml" in load_rules(rule_folder).unsigned
