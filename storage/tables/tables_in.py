"""Tables that people have sent and that wait for a yes."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from storage.tables.people import Employee


class TableIn(Model):
    """A table as it was read, while the file itself is not kept. Forgotten a day after it was sent, or after it was written."""

    id = fields.IntField(primary_key=True)
    employee: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="tables_in", on_delete=fields.CASCADE
    )
    kind = fields.CharField(16)
    name = fields.CharField(128)
    content = fields.TextField(db_default="")
    """Headings and rows as JSON; empty once it is settled."""
    mark = fields.CharField(64, db_default="")
    """What the person was shown that it would do: something else is shown again first."""
    state = fields.CharField(8, db_default="waiting")
    """waiting · written · dropped · undone."""
    outcome = fields.TextField(db_default="")
    """JSON: what was said of it when it was settled."""
    undo = fields.TextField(db_default="")
    """JSON: what it takes to undo it; empty where that cannot be."""
    sent_at = fields.DatetimeField()
    settled_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "tables_in"
