"""Writes several new rows in one statement, or none when the receipt is already there.

The first webhook of a call must record the contact, its call, what happened, the audit row and the work
owed before a menu is spoken, and it is the busiest write there is. One statement of common table
expressions is one plan, one round trip and its own transaction: no BEGIN and no COMMIT travel beside it.
Each part inserts only if the receipt was new, so a repeated webhook changes nothing. Foreign keys between
the parts hold: PostgreSQL checks them at the end of the statement.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, Table, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.sql import Executable

from helpline.store.receipts import WebhookReceipt

# A table, and the parameter that fills each of its columns; columns left out take their server default.
Part = tuple[Table, Mapping[str, str]]

RECEIPT: Mapping[str, str] = {"key": "receipt", "answer": "answer", "at": "now"}


def compose(parts: Sequence[Part]) -> Executable:
    """Build the statement once, at import. Its parameters are those the parts name, and `receipt` and `answer`."""
    receipts = WebhookReceipt.__table__
    receipt = (
        postgres_insert(receipts)
        .values({column: bindparam(name, type_=receipts.c[column].type) for column, name in RECEIPT.items()})
        .on_conflict_do_nothing()
        .returning(receipts.c.key)
        .cte("receipt")
    )
    inserted = [_insert_if_new(part, receipt) for part in parts]
    return select(func.count()).select_from(receipt).add_cte(*inserted)


def _insert_if_new(part: Part, receipt) -> object:
    table, parameters = part
    types = {column: table.c[column].type for column in parameters}
    values = [cast(bindparam(name, type_=types[column]), types[column]) for column, name in parameters.items()]
    rows = select(*values).select_from(receipt)
    return postgres_insert(table).from_select(list(parameters), rows, include_defaults=False).cte(f"new_{table.name}")


def write_once(engine: Engine, statement: Executable, values: Mapping[str, object]) -> bool:
    """Run it and commit. True when the rows were written, False when the receipt was there already."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return connection.execute(statement, values).scalar_one() == 1
