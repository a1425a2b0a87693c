"""Everything that is kept, as Tortoise models: the source of the migrations, and the way in for cold paths.

Moments are stored in UTC, days as dates in company time, numbers as exact decimals. Ids of objectives and key
results are shown to people (O12, KR34) and never used again.
"""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

AMOUNT = {"max_digits": 24, "decimal_places": 6}


class Employee(Model):
    id = fields.IntField(primary_key=True)
    number = fields.CharField(64, unique=True)
    name = fields.CharField(64, db_index=True)
    department = fields.CharField(255, default="", db_index=True)
    position = fields.CharField(64, default="")
    grade = fields.CharField(64, default="")
    manager: fields.ForeignKeyNullableRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="reports", null=True, on_delete=fields.SET_NULL
    )
    region = fields.CharField(64, default="")
    store = fields.CharField(64, default="")
    store_type = fields.CharField(64, default="")
    employment = fields.CharField(32, default="")
    mobile = fields.CharField(32, default="")
    joined_on = fields.DateField(null=True)
    active = fields.BooleanField(default=True)
    home = fields.CharField(16, default="")
    """The preferred platform, as the staff file says; empty: the one last used."""
    last_platform = fields.CharField(16, default="")

    class Meta:
        table = "employees"


class Account(Model):
    id = fields.IntField(primary_key=True)
    platform = fields.CharField(16)
    user_key = fields.CharField(128)
    """The id as it is compared (`chat.events.Account.key`)."""
    user_id = fields.CharField(128)
    employee: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="accounts", on_delete=fields.CASCADE
    )
    source = fields.CharField(16)
    """`directory` (imported) or `confirmed` (bound in the chat)."""
    bound_at = fields.DatetimeField()

    class Meta:
        table = "accounts"
        unique_together = (("platform", "user_key"), ("platform", "employee"))


class BindingRequest(Model):
    id = fields.IntField(primary_key=True)
    platform = fields.CharField(16)
    user_key = fields.CharField(128)
    user_id = fields.CharField(128)
    account_name = fields.CharField(128, default="")
    conversation = fields.CharField(255)
    employee: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="binding_requests", on_delete=fields.CASCADE
    )
    state = fields.CharField(16, default="waiting")
    asked_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by: fields.ForeignKeyNullableRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="binding_decisions", null=True, on_delete=fields.SET_NULL
    )

    class Meta:
        table = "binding_requests"
        indexes = (Index(fields=("state", "employee_id")),)


class Cycle(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(16, unique=True)
    start = fields.DateField(db_index=True)
    end = fields.DateField()
    state = fields.CharField(16, default="active")

    class Meta:
        table = "cycles"


class Objective(Model):
    id = fields.IntField(primary_key=True)
    cycle: fields.ForeignKeyRelation[Cycle] = fields.ForeignKeyField("okr.Cycle", on_delete=fields.RESTRICT)
    owner: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="objectives", on_delete=fields.RESTRICT
    )
    title = fields.CharField(200)
    state = fields.CharField(16, default="draft")
    parent_kr_id = fields.IntField(null=True, db_index=True)
    """The key result it supports; no foreign key, since the two tables would need each other."""
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    active_at = fields.DatetimeField(null=True)

    class Meta:
        table = "objectives"
        indexes = (Index(fields=("owner_id", "cycle_id")),)


class KeyResult(Model):
    id = fields.IntField(primary_key=True)
    objective: fields.ForeignKeyRelation[Objective] = fields.ForeignKeyField(
        "okr.Objective", related_name="key_results", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    title = fields.CharField(200)
    kind = fields.CharField(16)
    unit = fields.CharField(16, default="")
    basis = fields.CharField(16)
    start_value = fields.DecimalField(null=True, **AMOUNT)
    target_value = fields.DecimalField(null=True, **AMOUNT)
    low_value = fields.DecimalField(null=True, **AMOUNT)
    high_value = fields.DecimalField(null=True, **AMOUNT)
    tolerance = fields.DecimalField(null=True, **AMOUNT)
    cumulative = fields.BooleanField(default=False)
    milestones = fields.TextField(default="")
    """JSON list of [title, weight, due, done]; empty for other kinds."""
    rungs = fields.TextField(default="")
    """JSON list of the three texts of an ordinal key result; empty for other kinds."""
    weight = fields.DecimalField(max_digits=12, decimal_places=6, default=1)
    share = fields.DecimalField(max_digits=12, decimal_places=6, null=True)
    state = fields.CharField(16, default="draft")
    due = fields.DateField(null=True)
    metric = fields.CharField(64, default="")
    metric_own = fields.BooleanField(default=False)
    doubts = fields.CharField(255, default="")
    """Codes of what the draft left open and nobody has settled yet, with commas."""
    confidence = fields.IntField(null=True)
    value = fields.DecimalField(null=True, **AMOUNT)
    value_at = fields.DatetimeField(null=True)
    value_source = fields.CharField(128, default="")
    value_typed = fields.BooleanField(default=True)
    """`value…` repeat the newest reading of `check_ins`, so that a card is one read."""

    class Meta:
        table = "key_results"
        indexes = (Index(fields=("objective_id", "position")),)


class CheckIn(Model):
    """One line of a key result's history. Nothing here is ever changed: taking back is a new row."""

    id = fields.BigIntField(primary_key=True)
    key_result: fields.ForeignKeyRelation[KeyResult] = fields.ForeignKeyField(
        "okr.KeyResult", related_name="check_ins", on_delete=fields.RESTRICT
    )
    value = fields.DecimalField(null=True, **AMOUNT)
    confidence = fields.IntField(null=True)
    note = fields.TextField(default="")
    on_at = fields.DatetimeField()
    """The moment the value speaks of."""
    recorded_at = fields.DatetimeField()
    author: fields.ForeignKeyNullableRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="check_ins", null=True, on_delete=fields.SET_NULL
    )
    source = fields.CharField(128, default="")
    """Who or what said it, as shown."""
    platform = fields.CharField(16, default="")
    takes_back = fields.BigIntField(null=True, db_index=True)

    class Meta:
        table = "check_ins"
        indexes = (Index(fields=("key_result_id", "on_at")),)


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
    next_try = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    claimed_by = fields.CharField(64, default="")
    expires_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    form = fields.CharField(32, default="")
    numbered = fields.BooleanField(default=False)
    """Whether the person saw the choices with numbers, so that `1` answers it."""
    error = fields.TextField(default="")

    class Meta:
        table = "letters"
        indexes = (Index(fields=("state", "next_try")), Index(fields=("platform", "user_key", "id")))


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

    class Meta:
        table = "job_runs"
        unique_together = (("name", "due"),)
