"""Checks workflows and partners against each other: who has agreed to what, and whether every step finds somebody."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from config.categories import load_categories
from config.data_file import ConfigInvalid
from config.handoffs import Workflow, read_workflows
from config.partners import DISCLOSURE_LEVELS, Partner, load_partners
from config.workflow_steps import AskStep


def check_workflows(folder: Path) -> list[str]:
    """Every fault of partners.toml and of the workflows beside it, as lines of 'file: place: what'."""
    workflows, faults = read_workflows(folder)
    try:
        partners = load_partners(folder)
    except ConfigInvalid as error:
        return error.faults + faults
    for partner in partners.values():
        faults += _faults_of_agreement(partner, workflows)
    for workflow in workflows.values():
        faults += _faults_of_chain(workflow, partners)
        faults += _faults_of_guards(workflow, workflows, folder)
    return faults


def _faults_of_agreement(partner: Partner, workflows: Mapping[str, Workflow]) -> Iterator[str]:
    place = f"partners.toml: {partner.key}.agreement"
    for name in partner.agreement.workflows:
        workflow = workflows.get(name)
        if workflow is None:
            yield f"{place}.workflows: there is no workflow {name!r}"
        elif DISCLOSURE_LEVELS.index(workflow.levels.highest) > DISCLOSURE_LEVELS.index(partner.agreement.max_level):
            yield f"{place}.max_level: {name} tells up to {workflow.levels.highest}"


def _faults_of_chain(workflow: Workflow, partners: Mapping[str, Partner]) -> Iterator[str]:
    place = f"workflows/{workflow.workflow}.toml"
    agreed = [partner for partner in partners.values() if workflow.workflow in partner.agreement.workflows]
    for number, step in enumerate(workflow.chain, start=1):
        for kind in dict.fromkeys(step.kinds) if step.do != "page" else ():
            if not any(partner.kind == kind and _can_answer(partner, step) for partner in agreed):
                way = "take a call" if step.do.startswith("call") else f"answer by {', '.join(step.by)}"
                yield f"{place}: chain.{number}: no partner of kind {kind!r} has agreed to it and can {way}"
    for number, notice in enumerate(workflow.side, start=1):
        told = [partner for partner in agreed if partner.kind == notice.to]
        if not any(partner.find_endpoint((notice.by,), must_answer=False) for partner in told):
            yield f"{place}: side.{number}: no partner of kind {notice.to!r} can be told by {notice.by}"
    if workflow.direction != "out" and not agreed:
        yield f"{place}: direction: no partner has agreed to it"


def _faults_of_guards(workflow: Workflow, workflows: Mapping[str, Workflow], folder: Path) -> Iterator[str]:
    place = f"workflows/{workflow.workflow}.toml"
    for name in workflow.requires_before:
        if name not in workflows:
            yield f"{place}: requires_before: there is no workflow {name!r}"
    if workflow.never_for is None:
        return
    try:
        known = load_categories(folder)
    except ConfigInvalid:
        return  # told of by whoever checks that file
    for code in workflow.never_for.categories:
        if known.find(code) is None:
            yield f"{place}: never_for.categories: there is no category {code!r}"


def _can_answer(partner: Partner, step: AskStep) -> bool:
    if step.do == "offer":
        return partner.find_endpoint(step.by) is not None
    return partner.number is not None
