"""People: employees, their accounts, absences, and the keys that seal their words."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


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
    noticed_at = fields.DatetimeField(null=True)
    """When the person was told what is kept about them."""
    left_on = fields.DateField(null=True)
    erased_at = fields.DatetimeField(null=True)
    """When name and words of a leaver were made unreadable."""

    class Meta:
        table = "employees"
        indexes = (
            Index(fields=("region", "store_type")),
            Index(fields=("store",)),
            Index(fields=("manager_id",)),
        )


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
    account_name = fields.CharField(128, db_default="")
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


class PersonKey(Model):
    """What seals a person's words in the trail: without the key they are noise, and the chain still verifies."""

    id = fields.IntField(primary_key=True)
    employee_id = fields.IntField(unique=True)
    alias = fields.CharField(32, unique=True)
    """Stands for the person in the trail."""
    secret = fields.CharField(64, db_default="")
    """Empty once it has been destroyed."""

    class Meta:
        table = "person_keys"


class Absence(Model):
    """Days on which somebody is away, and who stands in. Both days belong to it."""

    id = fields.IntField(primary_key=True)
    employee: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="absences", on_delete=fields.CASCADE
    )
    first_day = fields.DateField()
    last_day = fields.DateField()
    deputy: fields.ForeignKeyNullableRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="deputy_for", null=True, on_delete=fields.SET_NULL
    )
    said_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    """When it was taken back."""

    class Meta:
        table = "absences"
        indexes = (Index(fields=("employee_id", "last_day")),)


class Shift(Model):
    """One working time of one person, as the roster says. A night shift ends on the day after."""

    id = fields.IntField(primary_key=True)
    employee: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="shifts", on_delete=fields.CASCADE
    )
    day = fields.DateField()
    """The day it begins on."""
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    source = fields.CharField(32, db_default="")
    """Where it comes from: a file, the chat, DingTalk's attendance."""

    class Meta:
        table = "shifts"
        unique_together = (("employee", "starts_at"),)
        indexes = (Index(fields=("employee_id", "day")),)


class Skill(Model):
    """What somebody is good at, by a word."""

    id = fields.IntField(primary_key=True)
    employee: fields.ForeignKeyRelation[Employee] = fields.ForeignKeyField(
        "okr.Employee", related_name="skills", on_delete=fields.CASCADE
    )
    word = fields.CharField(32)
    said_by_id = fields.IntField(null=True)
    said_at = fields.DatetimeField()

    class Meta:
        table = "skills"
        unique_together = (("employee", "word"),)


class Wish(Model):
    """What somebody wants to hear, or not: a reminder switched off or on, snoozed, or moved to another hour."""

    id = fields.IntField(primary_key=True)
    employee_id = fields.IntField(db_index=True)
    reminder = fields.CharField(32)
    """A reminder's key; `*` is all of them."""
    subject = fields.CharField(64, db_default="")
    """Only about this one, such as `KR34`; empty for all."""
    wanted = fields.BooleanField()
    until = fields.DatetimeField(null=True)
    """A snooze ends then; NULL holds until it is said otherwise."""
    not_before = fields.CharField(5, db_default="")
    """The time of day (14:00) from which it may be sent; empty for any."""
    said_at = fields.DatetimeField()

    class Meta:
        table = "wishes"
        unique_together = (("employee_id", "reminder", "subject"),)
