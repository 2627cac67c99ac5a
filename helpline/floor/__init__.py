"""What people see of the line: the queue, one contact, oneself, the whole floor. Read only, as plain JSON-ready dicts.

Everything is read from PostgreSQL in a few queries however many wait; nothing here locks, changes or commits.
None of these views holds a number in clear, a message or a note.
"""

from helpline.floor.contact import view_contact
from helpline.floor.missed import view_missed, view_missed_row
from helpline.floor.own import view_everyone, view_me
from helpline.floor.queue import view_queue
from helpline.floor.whole import view_floor

__all__ = ["view_contact", "view_everyone", "view_floor", "view_me", "view_missed", "view_missed_row", "view_queue"]
