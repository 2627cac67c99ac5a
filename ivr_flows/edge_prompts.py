"""Sentences that no flow says: the telephone edge says them by itself, to a child, a partner's desk or staff.

Each comes with the keys its words name, because the edge listens for exactly those.
"""

EDGE_PROMPTS = {
    "connect.introduction": "",
    "connect.joining": "",
    "connect.back_in_line": "",
    "connect.goodbye": "",
    "fault.stay": "",
    "fault.emergency": "",
    "hold.moment": "",
    "text.fault": "",
    "desk.greeting": "1",
    "desk.pin": "",
    "desk.wrong_pin": "",
    "desk.brief_intro": "",
    "desk.choices": "123",
    "desk.connecting": "",
    "desk.taken_by_other": "",
    "desk.declined": "",
    "desk.ask_again": "",
    "desk.exercise": "",
    "page.greeting": "1",
    "page.taken": "",
    "page.already_taken": "",
    "page.handoff": "",
}
