"""What the platforms' directories last said, so that a change need not be looked for in all of it."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class DirectoryUnit(Model):
    """A department of a platform's directory."""

    id = fields.IntField(primary_key=True)
    platform = fields.CharField(16)
    unit_key = fields.CharField(64)
    name = fields.CharField(255, db_default="")
    parent_key = fields.CharField(64, db_default="")

    class Meta:
        table = "directory_units"
        unique_together = (("platform", "unit_key"),)


class DirectoryMember(Model):
    """Somebody in a platform's directory, and whose row that is. Names and numbers are not kept twice."""

    id = fields.IntField(primary_key=True)
    platform = fields.CharField(16)
    user_key = fields.CharField(128)
    """The id as it is compared (`chat.events.Account.key`)."""
    user_id = fields.CharField(128)
    employee_id = fields.IntField(null=True, db_index=True)
    """NULL while nobody can tell who it is."""
    doubt = fields.CharField(16, db_default="")
    """Why not."""
    unit_key = fields.CharField(64, db_default="")
    leads = fields.TextField(default="")
    """Keys of units, with a space between."""
    manager_key = fields.CharField(128, null=True)
    """Whom the directory names as the direct superior; NULL where it has never been asked."""
    mark = fields.CharField(16, db_default="")
    """Changes where the listing's row does: only then the rest is asked for."""
    seen_at = fields.DatetimeField()
    gone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "directory_members"
        unique_together = (("platform", "user_key"),)


class DirectoryChange(Model):
    """An event of a platform's directory that waits to be looked into."""

    id = fields.IntField(primary_key=True)
    platform = fields.CharField(16)
    kind = fields.CharField(16)
    """`person` or `unit`."""
    changed_key = fields.CharField(128)
    former_key = fields.CharField(128, db_default="")
    """The id that the person had before, where it was changed."""
    at = fields.DatetimeField()
    tries = fields.IntField(db_default=0)
    next_at = fields.DatetimeField()

    class Meta:
        table = "directory_changes"
        unique_together = (("platform", "kind", "changed_key"),)
