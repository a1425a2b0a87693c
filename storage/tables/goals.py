"""Goals: cycles, objectives, key results, and what supports what."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from storage.tables.amounts import AMOUNT
from storage.tables.people import Employee


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
    """The key result it supports first of all, repeated from `alignments`, so that a card is one read."""
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    active_at = fields.DatetimeField(null=True)
    visibility = fields.CharField(16, db_default="公开")
    direction_id = fields.IntField(null=True, db_index=True)
    """The annual objective it belongs to."""
    exception = fields.CharField(200, db_default="")
    """Why it belongs to none, where that was said."""
    score = fields.DecimalField(max_digits=4, decimal_places=3, null=True)
    carried_from = fields.IntField(null=True)
    """The objective of the cycle before that it goes on with."""

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
    overdue = fields.BooleanField(db_default=False)
    """Its report of a week is so late that the superior has heard of it; the next report ends that."""
    commitment = fields.CharField(16, db_default="承诺")
    origin = fields.CharField(16, db_default="自下而上")
    is_kpi = fields.BooleanField(db_default=False)
    parent_kr_id = fields.IntField(null=True, db_index=True)
    """The key result it was broken down from, repeated from `alignments`."""
    roll_up = fields.CharField(16, db_default="manual")
    stages = fields.TextField(db_default="")
    """JSON list of [day, share of the way]; empty for the straight line."""
    score = fields.DecimalField(max_digits=4, decimal_places=3, null=True)
    score_note = fields.CharField(255, db_default="")
    """Why the score is not the progress, and the cause where it is low."""
    curve = fields.TextField(db_default="")
    """JSON of `okr.curve`: the weights of its days where data feed it; empty for the straight line."""

    class Meta:
        table = "key_results"
        indexes = (Index(fields=("objective_id", "position")), Index(fields=("metric",)))


class ObjectiveViewer(Model):
    """Somebody who may see an objective that is for named people."""

    id = fields.IntField(primary_key=True)
    objective_id = fields.IntField()
    employee_id = fields.IntField()

    class Meta:
        table = "objective_viewers"
        unique_together = (("objective_id", "employee_id"),)


class CoEditor(Model):
    """Somebody who writes a draft together with its owner."""

    id = fields.IntField(primary_key=True)
    objective_id = fields.IntField()
    employee_id = fields.IntField()

    class Meta:
        table = "co_editors"
        unique_together = (("objective_id", "employee_id"),)


class SeenDraft(Model):
    """The version of a draft that somebody was last shown, and what it said: an edit of an older one is asked about."""

    id = fields.IntField(primary_key=True)
    objective_id = fields.IntField()
    employee_id = fields.IntField()
    version = fields.IntField()
    content = fields.TextField()
    """JSON: each field's words as they were shown."""

    class Meta:
        table = "seen_drafts"
        unique_together = (("objective_id", "employee_id"),)


class DraftEdit(Model):
    """One save of a draft that several people write: who has changed which parts in which version."""

    id = fields.IntField(primary_key=True)
    objective_id = fields.IntField()
    version = fields.IntField()
    author_id = fields.IntField()
    at = fields.DatetimeField()
    keys = fields.TextField()
    """JSON list of parts: `title`, `KR34`, `KR34.target`."""

    class Meta:
        table = "draft_edits"
        indexes = (Index(fields=("objective_id", "version")),)


class Alignment(Model):
    """An objective, or a key result that another was broken down into, supports a key result.

    Exactly one of the two children is set. A child that supports several parents gives each a share.
    """

    id = fields.IntField(primary_key=True)
    child_objective_id = fields.IntField(null=True, db_index=True)
    child_kr_id = fields.IntField(null=True, db_index=True)
    parent_kr_id = fields.IntField(db_index=True)
    share = fields.DecimalField(max_digits=12, decimal_places=6, null=True)
    """How much of the child goes to this parent; NULL is all of it."""
    weight = fields.DecimalField(max_digits=12, decimal_places=6, db_default=1)
    """How much it counts among the parent's children, relative."""
    rolls = fields.BooleanField(db_default=True)
    """Whether it moves the parent's number."""
    state = fields.CharField(16, db_default="active")
    """asked · active · unconfirmed (the parent has changed) · refused · ended."""
    asked_by_id = fields.IntField(null=True)
    asked_at = fields.DatetimeField()
    decided_by_id = fields.IntField(null=True)
    decided_at = fields.DatetimeField(null=True)
    confirm_by = fields.DateField(null=True)
    """Until when a changed parent is to be confirmed."""
    progress = fields.DecimalField(max_digits=12, decimal_places=6, db_default=0)
    """The child's progress within [0, 1] as it counted last, so that a roll-up reads one row a child."""
    value = fields.DecimalField(null=True, **AMOUNT)
    """The child's value as it counted last; NULL where it has none to add."""

    class Meta:
        table = "alignments"
        indexes = (Index(fields=("parent_kr_id", "state")),)


class TemplateUse(Model):
    """A goal template that somebody has in a cycle, by himself or handed out to him."""

    id = fields.IntField(primary_key=True)
    template = fields.CharField(32)
    """Its name in bot.yaml."""
    cycle_id = fields.IntField()
    employee_id = fields.IntField(db_index=True)
    objective_id = fields.IntField(null=True)
    by_id = fields.IntField()
    at = fields.DatetimeField()

    class Meta:
        table = "template_uses"
        unique_together = (("template", "cycle_id", "employee_id"),)
