"""Writes several new rows in one statement, or none when the receipt is already there.

The first webhook of a call must record the contact, its call, what happened, the audit row and the work
owed before a menu is spoken, and it is the busiest write there is. One statement of common table
expressions is one round trip, one plan and one commit; each part inserts only if the receipt was new, so a
repeated webhook changes nothing. Foreign keys between the parts hold: PostgreSQL checks them at the end of
the statement.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable

from helpline.store.receipts import WebhookReceipt

Part = tuple[str, Table, Sequence[str]]


def compose(parts: Sequence[Part]) -> Executable:
    """Build the statement once, at import. Each part is (name, table, columns); parameters are name_column."""
    receipts = WebhookReceipt.__table__
    receipt = (
        postgres_insert(receipts)
        .values({column.name: bindparam(f"receipt_{column.name}", type_=column.type) for column in receipts.c})
        .on_conflict_do_nothing()
        .returning(receipts.c.key)
        .cte("receipt")
    )
    inserted = [_insert_if_new(part, receipt) for part in parts]
    return select(func.count()).select_from(receipt).add_cte(*inserted)


def _insert_if_new(part: Part, receipt) -> object:
    name, table, columns = part
    values = [
        cast(bindparam(f"{name}_{column}", type_=table.c[column].type), table.c[column].type) for column in columns
    ]
    return postgres_insert(table).from_select(list(columns), select(*values).select_from(receipt)).cte(name)


def write_once(session: Session, statement: Executable, values: Mapping[str, object]) -> bool:
    """Run it. True when the rows were written, False when the receipt was there already."""
    return session.execute(statement, values).scalar_one() == 1
