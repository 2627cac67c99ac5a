"""The helpline's own rule files, and a copy of them that a test may damage."""

import shutil
from pathlib import Path

import pytest

from triage.rules import RuleSet, load_rules

RISK_RULES = Path(__file__).parents[2] / "config" / "risk_rules"


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load_rules(RISK_RULES)


@pytest.fixture
def rule_folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RISK_RULES, tmp_path / "risk_rules"))
