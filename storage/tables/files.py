"""Pictures and files that cards refer to."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class File(Model):
    """A picture or file that a card refers to, as it was when it was answered."""

    ref = fields.CharField(40, primary_key=True)
    """Made from its content: what is equal is kept once."""
    name = fields.CharField(255)
    media_type = fields.CharField(127)
    content = fields.BinaryField()
    signing_key = fields.BinaryField()
    """Signs the addresses under which it can be fetched for a while."""
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "files"


class Upload(Model):
    """That a platform has been given a file, and the id under which it knows it."""

    id = fields.BigIntField(primary_key=True)
    file: fields.ForeignKeyRelation[File] = fields.ForeignKeyField(
        "okr.File", related_name="uploads", on_delete=fields.CASCADE
    )
    channel = fields.CharField(32)
    media_id = fields.CharField(255)
    expires_at = fields.DatetimeField()

    class Meta:
        table = "uploads"
        unique_together = (("file", "channel"),)
