"""Tells what happened to a contact in plain words, one sentence an event."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.console import alert_wording, wording
from helpline.console.presenting import own_words
from helpline.line import Line
from helpline.staff.models import Staff

# Every kind of event that the service records. `who` is whoever did it; other names come from its detail.
SENTENCES = {
    "contact.opened": _("Came to us by %(channel)s."),
    "contact.assessed": _("Assessed as %(level)s."),
    "contact.spoke": _("Said something where keys were asked for."),
    "contact.second_opinion": _("A second look at the text raised the level."),
    "contact.level_judged": _("%(who)s set the level to %(level)s."),
    "contact.closing_judged": _("%(who)s gave their own judgement after the talk."),
    "contact.waiting": _("Waits in the queue."),
    "contact.offered": _("Offered to %(counsellor)s."),
    "contact.connecting": _("%(who)s accepted."),
    "contact.connected": _("Talks with a counsellor."),
    "contact.wrap_up": _("The talk is over; the record is being written."),
    "contact.reopened": _("After the goodbye the child asked for a person again, and waits."),
    "contact.closed": _("Closed: %(outcome)s."),
    "contact.passed_on": _("%(who)s took the contact over."),
    "contact.wished": _("Wished to talk with a woman or a man."),
    "language.chosen": _("Chose a language: %(language)s."),
    "flow.answered": _("Answered in the menu."),
    "queue.ranked_anew": _("Moved in the queue to level %(level)s."),
    "on_call.rung": _("The people on call were rung."),
    "connect.failed": _("Could not be connected with %(counsellor)s; kept their place."),
    "connect.back_in_line": _("Went back to their place in the queue."),
    "counsellor.dropped": _("The line of %(who)s was lost."),
    "hold.ended": _("Was taken out of the waiting music."),
    "hold.again": _("Went back to their place in the queue."),
    "call.held": _("%(who)s put the caller on hold."),
    "call.unheld": _("%(who)s took the caller back from hold."),
    "caller.gone": _("The caller has gone."),
    "contact.calls_back": _("%(who)s calls back."),
    "callback.begun": _("%(who)s calls back."),
    "contact.writes_first": _("%(who)s writes first, in the agreed words."),
    "callback.written": _("%(who)s writes first, in the agreed words."),
    "callback.ended": _("Calling back ended: %(how)s."),
    "safe_plan.recorded": _("%(who)s recorded how the child can be reached safely."),
    "safe_plan.withdrawn": _("%(who)s recorded that reaching the child so is not safe any more."),
    "number.marked": _("%(who)s: mark on the number, %(step)s."),
    "missed.taken": _("%(who)s looks after this missed contact."),
    "missed.closed": _("%(who)s settled this missed contact: %(ending)s."),
    "contact.missed": _("Put on the list of missed contacts."),
    "callback.asked": _("Asked to be called or written back."),
    "handoff.request": _("%(who)s began a hand-off."),
    "handoff.ask_approval": _("A second person must agree."),
    "handoff.approve": _("%(who)s agreed as the second person."),
    "handoff.refuse": _("%(who)s did not agree as the second person."),
    "handoff.start": _("%(who)s began a hand-off."),
    "handoff.receipt": _("A partner handed a child to us and has our receipt."),
    "handoff.offer_in_writing": _("Offered to %(partner)s in writing."),
    "handoff.delivered": _("%(partner)s has the offer."),
    "handoff.seen": _("%(partner)s looked at the offer."),
    "handoff.acknowledge_offer": _("%(partner)s has seen it and will say."),
    "handoff.acknowledge_beside": _("%(partner)s has seen it and will say."),
    "handoff.acknowledge_inbound": _("%(who)s has seen what the partner sent."),
    "handoff.accept_inbound": _("%(who)s took the child on from the partner."),
    "handoff.decline_inbound": _("%(who)s can not take what the partner sent."),
    "handoff.give_back": _("%(who)s gave the child back to the partner."),
    "handoff.decline_beside": _("%(partner)s declined."),
    "handoff.lose_beside": _("%(partner)s was not reached: %(why)s."),
    "handoff.accept_placement": _(
        "Accepted at %(partner)s. Until the child is there, both of us answer for the child."
    ),
    "handoff.arrive": _("The child has arrived. The partner answers for the child."),
    "handoff.advance": _("Went on: %(phase_reached)s"),
    "handoff.miss": _("The child has not come."),
    "handoff.return_to_origin": _("Given back to where the child came from."),
    "handoff.reopen": _("%(who)s took it up again."),
    "handoff.recall": _("Consent was withdrawn. They are asked to stop and to delete."),
    "handoff.attest_recall": _("The recall is settled."),
    "handoff.objection": _("An objection was recorded. The hand-off goes on, as the law allows."),
    "handoff.fail": _("%(who)s ended it without success and named another plan."),
    "handoff.enter_in_error": _("It was entered by mistake, as two people say."),
    "handoff.second_person_asked": _("%(who)s asks for a second person to decide."),
    "handoff.split": _("Those whom the partner did not take are offered on."),
    "handoff.wrong_office": _("The offer came to the wrong office."),
    "handoff.link_asked": _("%(partner)s asked for a new link to its page."),
    "handoff.link_locked": _("Wrong PINs were given on the page of %(partner)s: its link is locked."),
    "handoff.partner_not_told": _("A message to %(partner)s could not be delivered."),
    "handoff.milestone_due": _("Nobody has said yet how the child is."),
    "handoff.milestone_answered": _("It was said how the child is."),
    "handoff.transport_planned": _("%(who)s planned the journey."),
    "handoff.overdue_amber": _("They should have arrived by now."),
    "handoff.hold_expired": _("The place is not kept any longer."),
    "handoff.turned_eighteen": _("Eighteen today: from now on their own consent counts."),
    "handoff.referred_on": _("The next hand-off of this story was begun."),
    "handoff.supplement": _("%(who)s added to the report."),
    "handoff.tip": _("%(who)s passed a tip on."),
    "handoff.appeal_written": _("%(who)s wrote the words of an appeal to the public."),
    "handoff.appeal_decided": _("One of the four has decided about the appeal."),
    "handoff.appeal_purged": _("The appeal is taken down and its words are deleted."),
    "handoff.watch_was_lost": _("No clock ran for it any more. It was set again, and people are called."),
    "handoff.wrong_way_now": _("This way is not for this child any more: decide anew."),
    "handoff.owner_passed_on": _("Its owner has gone home. A shift lead at work answers for it now."),
    "handoff.shown_on_board": _("It waits on the board for somebody to take it in hand."),
    "handoff.offer": _("%(partner)s is rung."),
    "handoff.answer": _("%(partner)s answered."),
    "handoff.acknowledge": _("%(partner)s gave the right PIN and heard what it is about."),
    "handoff.take_on_line": _("%(partner)s comes on the line."),
    "handoff.introduce": _("The partner is on the line with the child."),
    "handoff.decline": _("%(partner)s declined."),
    "handoff.lose_offer": _("%(partner)s was not reached: %(why)s."),
    "handoff.step_skipped": _("No partner fits this step; the next is tried."),
    "handoff.exhaust": _("Nobody was reached. A person of ours is called."),
    "handoff.child_gone": _("The child hung up before a desk had taken over."),
    "handoff.child_left_call": _("The child left the call."),
    "handoff.interrupt": _("The hand-off was interrupted. The shift lead is rung."),
    "handoff.decide": _("%(who)s decided about calling back."),
    "handoff.take": _("%(who)s took the hand-off in hand."),
    "handoff.reroute": _("%(who)s had every desk asked again."),
    "handoff.accept": _("Accepted at %(partner)s; who it is stands in the sealed record. They answer for the child."),
    "handoff.hand_back": _("The partner gave it back. We answer for the child."),
    "handoff.confirm": _("Confirmed: %(handoff_outcome)s."),
    "handoff.close": _("The hand-off is over."),
    "handoff.cancel": _("%(who)s stopped the hand-off."),
    "handoff.cancel_unreachable": _("%(who)s stopped the hand-off."),
    "handoff.ask_cancel": _("%(who)s asks the partner to stop."),
    "handoff.agree_cancel": _("The partner agrees to stop."),
    "handoff.counsellor_left": _("%(who)s left the child with the partner."),
    "handoff.counsellor_dropped": _("The counsellor's line was lost."),
    "handoff.partner_left_call": _("%(partner)s left the call."),
    "handoff.clock_ran_out": _("A clock ran out."),
    "handoff.paging": _("The shift lead is being rung."),
    "handoff.paged": _("People of ours were rung."),
    "question.asked": _("%(who)s asked, to be answered by key: %(question)s"),
    "question.answered": _("Answered by key: %(question)s %(key_answer)s."),
    "message.in": _("The child wrote."),
    "message.out": _("%(who)s wrote to the child."),
    "message.status": _("A text of ours: %(status)s."),
    "texts.stopped": _("No more texts go to this number."),
    "texts.allowed": _("Texts to this number are welcome again."),
    "outgoing.allowed": _("%(who)s allowed a link or number in this conversation."),
    "media.released": _("%(who)s released an attachment for a report."),
    "survey.answered": _(
        "The child answered the question after the conversation. The answer is counted without a name."
    ),
    "text.handed_over": _("%(who)s handed the conversation over."),
    "alert.raised": _("Marked for attention: %(alert)s"),
    "alert.settled": _("%(who)s saw to it: %(alert)s"),
}
ACTORS = {
    "caller": _("The caller"),
    "rules": _("The rules"),
    "clock": _("The clock"),
    "twilio": _("The telephone company"),
    "flow": _("The menu"),
    "survey": _("The question after a conversation"),
    "operator": _("An operator"),
}
DETAIL_WORDS = {
    "level": wording.LEVELS,
    "outcome": wording.OUTCOMES,
    "language": wording.LANGUAGES,
    "channel": wording.CHANNELS,
    "status": wording.MESSAGE_STATES,
    "why": wording.WHYS,
    "how": wording.ATTEMPT_ENDS,
    "ending": wording.MISSED_ENDINGS,
    "step": wording.MARK_STEPS,
    "phase_reached": wording.PHASES,
    "alert": alert_wording.CONTACT_ALERTS,
}


def tell_story(session: Session, line: Line, events: Sequence[Mapping]) -> list[dict]:
    """Each event as `{"at", "kind", "words"}`, in order."""
    names = _names_in(session, events)
    partners = {key: own_words(partner.name) for key, partner in line.partners.items()}
    questions = {question.code: own_words(question.label.model_dump()) for question in line.questions.questions}
    return [
        {"at": event["at"], "kind": event["kind"], "words": _tell(event, names, partners, questions)}
        for event in events
    ]


def _tell(event: Mapping, names: Mapping[int, str], partners: Mapping[str, str], questions: Mapping[str, str]) -> str:
    sentence = SENTENCES.get(event["kind"])
    if sentence is None:
        return event["kind"]
    detail = event["detail"]
    words = {name: str(table.get(detail.get(name), detail.get(name, ""))) for name, table in DETAIL_WORDS.items()}
    words["question"] = questions.get(detail.get("question"), detail.get("question", ""))
    words["key_answer"] = str(wording.KEY_ANSWERS.get(detail.get("answer"), ""))
    words["who"] = _name_of(event["actor"], names)
    words["handoff_outcome"] = str(wording.HANDOFF_OUTCOMES.get(detail.get("outcome"), ""))
    words["partner"] = partners.get(_partner_in(event), gettext("A desk"))
    words["counsellor"] = names.get(detail.get("counsellor"), gettext("a counsellor"))
    return str(sentence) % words


def _name_of(actor: str, names: Mapping[int, str]) -> str:
    kind, _colon, number = actor.partition(":")
    if kind == "staff" and number.isdecimal():
        return names.get(int(number), actor)
    return str(ACTORS.get(actor, actor))


def _partner_in(event: Mapping) -> str:
    return event["detail"].get("partner") or event["actor"].removeprefix("partner:")


def _names_in(session: Session, events: Sequence[Mapping]) -> dict[int, str]:
    by_actor = (event["actor"].removeprefix("staff:") for event in events)
    ids = {int(number) for number in by_actor if number.isdecimal()}
    ids |= {number for event in events if isinstance(number := event["detail"].get("counsellor"), int)}
    if not ids:
        return {}
    return dict(session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids))).all())
