"""What was reported, what was to be changed and who decided, and the trail of it all."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from storage.tables.amounts import AMOUNT
from storage.tables.goals import KeyResult
from storage.tables.people import Employee


class CheckIn(Model):
    """One line of a key result's history. Nothing here is ever changed: taking back is a new row.

    Except that what a data source says in the course of a day is one row, which goes on with the day.
    """

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


class ChangeRequest(Model):
    """R8: something that is to be changed, and what became of it."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(16)
    """create · change · add · cancel · suggestion."""
    objective_id = fields.IntField(db_index=True)
    kr_id = fields.IntField(null=True, db_index=True)
    field = fields.CharField(16, db_default="")
    """What is to be changed; `several` where it is more than one thing."""
    old = fields.TextField(db_default="")
    """JSON: for each field what its setter takes."""
    new = fields.TextField(db_default="")
    words = fields.TextField(db_default="")
    """What was typed for the new value."""
    reason = fields.TextField(db_default="")
    interview = fields.CharField(200, db_default="")
    """The talk in which it was agreed, as it was named."""
    version = fields.IntField()
    """The objective's version that was asked about."""
    applicant_id = fields.IntField(db_index=True)
    need = fields.CharField(8, db_default="any")
    """any · all of its approvers."""
    state = fields.CharField(16, db_default="waiting")
    """waiting · approved · rejected · withdrawn · superseded."""
    platform = fields.CharField(16, db_default="")
    asked_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by_id = fields.IntField(null=True)
    decided_on = fields.CharField(16, db_default="")
    """The platform it was decided on."""
    decision = fields.TextField(db_default="")
    """Words with the decision, such as why it was rejected."""

    class Meta:
        table = "change_requests"
        indexes = (Index(fields=("state", "asked_at")),)


class Approval(Model):
    """One approver's part in a change request."""

    id = fields.IntField(primary_key=True)
    request: fields.ForeignKeyRelation[ChangeRequest] = fields.ForeignKeyField(
        "okr.ChangeRequest", related_name="approvals", on_delete=fields.CASCADE
    )
    approver_id = fields.IntField()
    state = fields.CharField(16, db_default="waiting")
    """waiting · approved · rejected · forwarded · closed."""
    version = fields.IntField()
    """The objective's version that the approver was shown."""
    stands_in_for_id = fields.IntField(null=True)
    asked_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "approvals"
        unique_together = (("request", "approver_id"),)
        indexes = (Index(fields=("approver_id", "state")),)


class TrailEntry(Model):
    """One line of the edit trail: only ever added, each bound to the one before by its hash.

    People stand by their aliases, words are sealed with their keys: destroying a key erases a person and breaks nothing.
    """

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    actor = fields.CharField(32, db_default="")
    approver = fields.CharField(32, db_default="")
    platform = fields.CharField(16, db_default="")
    action = fields.CharField(32)
    objective_id = fields.IntField(null=True, db_index=True)
    kr_id = fields.IntField(null=True, db_index=True)
    request_id = fields.IntField(null=True)
    field = fields.CharField(16, db_default="")
    form = fields.CharField(8, db_default="plain")
    """How old and new are kept: plain · words (sealed with the actor's key) · people (their aliases)."""
    old = fields.TextField(db_default="")
    new = fields.TextField(db_default="")
    sealed = fields.TextField(db_default="")
    """The reason, sealed with the actor's key."""
    decision = fields.TextField(db_default="")
    """The approver's words, sealed with the approver's key."""
    previous = fields.CharField(64)
    hash = fields.CharField(64, unique=True)

    class Meta:
        table = "trail"


class TrailHead(Model):
    """How many lines the trail has and the hash of the last: what is cut off at the end is noticed.

    The one row is also what replicas wait for, so that the chain never forks.
    """

    id = fields.IntField(primary_key=True)
    entries = fields.BigIntField()
    hash = fields.CharField(64)

    class Meta:
        table = "trail_head"
