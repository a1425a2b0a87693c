"""What the bot needs to run: what it heard, what leaves, who holds what, what it cost."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from storage.tables.people import Employee


class HeardEvent(Model):
    event_id = fields.CharField(255, primary_key=True)
    at = fields.DatetimeField(db_index=True)
    letter_id = fields.BigIntField(null=True)
    redraw = fields.TextField(default="")
    """The pressed card's new face, so that a repeated press is answered alike."""

    class Meta:
        table = "heard"


class Letter(Model):
    """Everything that leaves is a row here before it is a message."""

    id = fields.BigIntField(primary_key=True)
    ref = fields.CharField(40, unique=True)
    """The card's reference on the platform, the same at every attempt."""
    once = fields.CharField(200, unique=True)
    employee: fields.ForeignKeyNullableRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="letters", null=True, on_delete=fields.SET_NULL
    )
    platform = fields.CharField(16, default="")
    """Empty until the postman has chosen."""
    user_key = fields.CharField(128, default="")
    user_id = fields.CharField(128, default="")
    conversation_id = fields.CharField(255, default="")
    conversation_kind = fields.CharField(8, default="")
    route = fields.TextField(default="")
    card = fields.TextField()
    urgency = fields.SmallIntField()
    state = fields.CharField(8, default="waiting")
    """waiting · sent · dead · dropped."""
    created_at = fields.DatetimeField()
    as_of = fields.DatetimeField(null=True)
    """The moment it is judged and sent as of, where a job was run by hand for that moment; NULL: when it goes."""
    next_try = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    claimed_by = fields.CharField(64, default="")
    expires_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    form = fields.CharField(32, default="")
    handle = fields.CharField(128, db_default="")
    """What the platform wants to hear when the card is to be changed later; empty where it wants nothing or changes nothing."""
    numbered = fields.BooleanField(default=False)
    """Whether the person saw the choices with numbers, so that `1` answers it."""
    error = fields.TextField(default="")
    reminder = fields.CharField(32, db_default="")
    """The key of the reminder that wrote it; empty for everything else."""
    variant = fields.CharField(32, db_default="")
    subject = fields.CharField(64, db_default="")
    """What it is about, such as `KR34`, or the week of a report."""
    level = fields.SmallIntField(db_default=0)
    """How serious: a worse one is written at once, the same one only after a while."""
    facts = fields.TextField(db_default="")
    """JSON: the rule, its numbers and threshold, as 为什么收到 tells them."""
    touched_at = fields.DatetimeField(null=True)
    """When its receiver first pressed something on it that changed it."""
    folded_into = fields.BigIntField(null=True)
    """The digest that says it instead."""

    class Meta:
        table = "letters"
        indexes = (
            Index(fields=("state", "next_try")),
            Index(fields=("platform", "user_key", "id")),
            Index(fields=("employee_id", "reminder", "created_at")),
        )


class Lease(Model):
    name = fields.CharField(64, primary_key=True)
    holder = fields.CharField(64)
    until = fields.DatetimeField()

    class Meta:
        table = "leases"


class Usage(Model):
    """Calls and pushes spent, by platform and month: the platforms' quotas are per month."""

    id = fields.IntField(primary_key=True)
    platform = fields.CharField(16)
    month = fields.CharField(7)
    what = fields.CharField(16)
    count = fields.BigIntField(default=0)

    class Meta:
        table = "usage"
        unique_together = (("platform", "month", "what"),)


class JobRun(Model):
    """One run of a scheduled job for one moment: the row is the claim."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(64)
    due = fields.DatetimeField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    outcome = fields.TextField(default="")
    state = fields.CharField(8, db_default="done")
    """running · done · late (made up for) · skipped (its grace had passed) · failed."""

    class Meta:
        table = "job_runs"
        unique_together = (("name", "due"),)


class SettingsChange(Model):
    """What an admin has changed of the company's settings in chat. The last one of a key holds."""

    id = fields.IntField(primary_key=True)
    key = fields.CharField(96)
    """Dotted, as in bot.yaml."""
    whom = fields.CharField(128, db_default="")
    """`unit:` and its name, `person:` and the number; empty is the company."""
    value = fields.TextField()
    """JSON; null is: as the file says."""
    was = fields.TextField()
    """JSON: what held before."""
    by_id = fields.IntField()
    at = fields.DatetimeField()

    class Meta:
        table = "settings_changes"
        indexes = (Index(fields=("key", "whom")),)
