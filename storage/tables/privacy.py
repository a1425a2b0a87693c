"""What people may know and ask about what is kept about them: who has read it, corrections, appeals."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class FileRead(Model):
    """Somebody has looked at what another one's performance is, once for each day and thing."""

    id = fields.BigIntField(primary_key=True)
    person_id = fields.IntField()
    """Whose it is."""
    reader_id = fields.IntField(null=True)
    """NULL is who runs the server."""
    what = fields.CharField(64)
    day = fields.DateField()
    at = fields.DatetimeField()

    class Meta:
        table = "file_reads"
        unique_together = (("person_id", "reader_id", "what", "day"),)


class Plea(Model):
    """Somebody asks a human: for a correction of what is kept about them, or to look at a score again."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(12)
    """correction · appeal."""
    employee_id = fields.IntField()
    objective_id = fields.IntField(null=True)
    words = fields.TextField(db_default="")
    state = fields.CharField(12, db_default="waiting")
    """waiting · done · declined."""
    answered_by_id = fields.IntField(null=True)
    answer = fields.TextField(db_default="")
    asked_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "pleas"
        indexes = (Index(fields=("employee_id", "state")),)
