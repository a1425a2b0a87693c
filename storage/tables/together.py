"""What people do together: help, reactions, what they follow, and the monthly review."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from storage.tables.amounts import AMOUNT


class HelpRequest(Model):
    """X3: somebody is asked to help with a key result, or a blocker that waits for somebody."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(8, db_default="help")
    """help (somebody is asked) · blocker (something is in the way, nobody is asked yet)."""
    kr_id = fields.IntField(db_index=True)
    asker_id = fields.IntField(db_index=True)
    asked_id = fields.IntField(null=True, db_index=True)
    words = fields.TextField(db_default="")
    due = fields.DateField(null=True)
    state = fields.CharField(12, db_default="waiting")
    """waiting · accepted · done · declined · passed_on · expired."""
    passed_on_from_id = fields.IntField(null=True)
    """The request that was passed on to this one, or the blocker that it is to resolve."""
    platform = fields.CharField(16, db_default="")
    conversation_id = fields.CharField(255, db_default="")
    """The group it was asked in; empty in a private chat."""
    asked_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    answer = fields.TextField(db_default="")
    """Words with the acceptance, the refusal or the result."""
    next_step = fields.TextField(db_default="")
    """Of a blocker: what is done about it now."""
    next_step_at = fields.DatetimeField(null=True)

    class Meta:
        table = "help_requests"
        indexes = (Index(fields=("state", "asked_at")),)


class Reaction(Model):
    """A like or a comment on a goal."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(8)
    """like · comment · feedback."""
    objective_id = fields.IntField(null=True, db_index=True)
    kr_id = fields.IntField(null=True, db_index=True)
    check_in_id = fields.BigIntField(null=True)
    author_id = fields.IntField(db_index=True)
    words = fields.TextField(db_default="")
    at = fields.DatetimeField()

    class Meta:
        table = "reactions"


class Follow(Model):
    """Somebody, or a group, wants to hear of a goal or a unit."""

    id = fields.IntField(primary_key=True)
    employee_id = fields.IntField(null=True, db_index=True)
    platform = fields.CharField(16, db_default="")
    conversation_id = fields.CharField(255, db_default="")
    """A group that follows; empty for a person."""
    target = fields.CharField(64, db_index=True)
    """`O12`, `KR34`, or a unit's name."""
    since = fields.DatetimeField()

    class Meta:
        table = "follows"
        unique_together = (("employee_id", "platform", "conversation_id", "target"),)


class Review(Model):
    """One person's monthly review of one objective's key results, within the review of a team."""

    id = fields.IntField(primary_key=True)
    month = fields.CharField(7)
    """2026-11"""
    team_id = fields.IntField(db_index=True)
    """The employee who leads the team."""
    employee_id = fields.IntField(db_index=True)
    state = fields.CharField(12, db_default="opened")
    """opened · filling · submitted · archived."""
    opened_at = fields.DatetimeField()
    due = fields.DateField()
    submitted_at = fields.DatetimeField(null=True)
    words = fields.TextField(db_default="")

    class Meta:
        table = "reviews"
        unique_together = (("month", "employee_id"),)


class ReviewLine(Model):
    """One key result within a review: what was planned, what came, and what its owner says to it."""

    id = fields.IntField(primary_key=True)
    review_id = fields.IntField()
    kr_id = fields.IntField()
    planned = fields.DecimalField(max_digits=12, decimal_places=6)
    """Expected progress at the opening, 0-1."""
    actual = fields.DecimalField(max_digits=12, decimal_places=6)
    value = fields.DecimalField(null=True, **AMOUNT)
    needed_rate = fields.DecimalField(null=True, **AMOUNT)
    recent_rate = fields.DecimalField(null=True, **AMOUNT)
    cause = fields.CharField(32, db_default="")
    decision = fields.CharField(8, db_default="")
    """继续 · 调整 · 停止"""
    words = fields.TextField(db_default="")

    class Meta:
        table = "review_lines"
        unique_together = (("review_id", "kr_id"),)


class DayAction(Model):
    """A5: something to be done on a day, towards a key result."""

    id = fields.IntField(primary_key=True)
    kr_id = fields.IntField(null=True)
    owner_id = fields.IntField()
    """Who does it."""
    by_id = fields.IntField()
    """Who wrote it down."""
    day = fields.DateField()
    words = fields.CharField(100)
    until = fields.CharField(5, db_default="")
    """`10:00`, company time; empty for any time of the day."""
    state = fields.CharField(8, db_default="open")
    """open · done · dropped."""
    made_at = fields.DatetimeField()
    settled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "day_actions"
        indexes = (Index(fields=("owner_id", "day")),)


class WeekAim(Model):
    """What somebody has set himself for a week: a key result, words, or both."""

    id = fields.IntField(primary_key=True)
    employee_id = fields.IntField()
    week = fields.CharField(8)
    """As in 2026-W48."""
    kr_id = fields.IntField(null=True)
    words = fields.TextField(db_default="")
    set_at = fields.DatetimeField()

    class Meta:
        table = "week_aims"
        unique_together = (("employee_id", "week"),)
