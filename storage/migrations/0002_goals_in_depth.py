from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("okr", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Absence",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "employee",
                    fields.ForeignKeyField(
                        "okr.Employee",
                        source_field="employee_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="absences",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("first_day", fields.DateField()),
                ("last_day", fields.DateField()),
                (
                    "deputy",
                    fields.ForeignKeyField(
                        "okr.Employee",
                        source_field="deputy_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="deputy_for",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("said_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "absences",
                "app": "okr",
                "indexes": [Index(fields=["employee_id", "last_day"])],
                "pk_attr": "id",
                "table_description": "Days on which somebody is away, and who stands in. Both days belong to it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Alignment",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("child_objective_id", fields.IntField(null=True, db_index=True)),
                ("child_kr_id", fields.IntField(null=True, db_index=True)),
                ("parent_kr_id", fields.IntField(db_index=True)),
                ("share", fields.DecimalField(null=True, max_digits=12, decimal_places=6)),
                ("weight", fields.DecimalField(db_default=1, max_digits=12, decimal_places=6)),
                ("rolls", fields.BooleanField(db_default=True)),
                ("state", fields.CharField(db_default="active", max_length=16)),
                ("asked_by_id", fields.IntField(null=True)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_by_id", fields.IntField(null=True)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("confirm_by", fields.DateField(null=True)),
                ("progress", fields.DecimalField(db_default=0, max_digits=12, decimal_places=6)),
                ("value", fields.DecimalField(null=True, max_digits=24, decimal_places=6)),
            ],
            options={
                "table": "alignments",
                "app": "okr",
                "indexes": [Index(fields=["parent_kr_id", "state"])],
                "pk_attr": "id",
                "table_description": "An objective, or a key result that another was broken down into, supports a key result.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=16)),
                ("objective_id", fields.IntField(db_index=True)),
                ("kr_id", fields.IntField(null=True, db_index=True)),
                ("field", fields.CharField(db_default="", max_length=16)),
                ("old", fields.TextField(db_default="", unique=False)),
                ("new", fields.TextField(db_default="", unique=False)),
                ("words", fields.TextField(db_default="", unique=False)),
                ("reason", fields.TextField(db_default="", unique=False)),
                ("version", fields.IntField()),
                ("applicant_id", fields.IntField(db_index=True)),
                ("need", fields.CharField(db_default="any", max_length=8)),
                ("state", fields.CharField(db_default="waiting", max_length=16)),
                ("platform", fields.CharField(db_default="", max_length=16)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_by_id", fields.IntField(null=True)),
                ("decided_on", fields.CharField(db_default="", max_length=16)),
                ("decision", fields.TextField(db_default="", unique=False)),
            ],
            options={
                "table": "change_requests",
                "app": "okr",
                "indexes": [Index(fields=["state", "asked_at"])],
                "pk_attr": "id",
                "table_description": "R8: something that is to be changed, and what became of it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Approval",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "request",
                    fields.ForeignKeyField(
                        "okr.ChangeRequest",
                        source_field="request_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="approvals",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("approver_id", fields.IntField()),
                ("state", fields.CharField(db_default="waiting", max_length=16)),
                ("version", fields.IntField()),
                ("stands_in_for_id", fields.IntField(null=True)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "approvals",
                "app": "okr",
                "unique_together": (("request", "approver_id"),),
                "indexes": [Index(fields=["approver_id", "state"])],
                "pk_attr": "id",
                "table_description": "One approver's part in a change request.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CoEditor",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("objective_id", fields.IntField()),
                ("employee_id", fields.IntField()),
            ],
            options={
                "table": "co_editors",
                "app": "okr",
                "unique_together": (("objective_id", "employee_id"),),
                "pk_attr": "id",
                "table_description": "Somebody who writes a draft together with its owner.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ObjectiveViewer",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("objective_id", fields.IntField()),
                ("employee_id", fields.IntField()),
            ],
            options={
                "table": "objective_viewers",
                "app": "okr",
                "unique_together": (("objective_id", "employee_id"),),
                "pk_attr": "id",
                "table_description": "Somebody who may see an objective that is for named people.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PersonKey",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("employee_id", fields.IntField(unique=True)),
                ("alias", fields.CharField(unique=True, max_length=32)),
                ("secret", fields.CharField(db_default="", max_length=64)),
            ],
            options={
                "table": "person_keys",
                "app": "okr",
                "pk_attr": "id",
                "table_description": "What seals a person's words in the trail: without the key they are noise, and the chain still verifies.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SeenDraft",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("objective_id", fields.IntField()),
                ("employee_id", fields.IntField()),
                ("version", fields.IntField()),
                ("content", fields.TextField(unique=False)),
            ],
            options={
                "table": "seen_drafts",
                "app": "okr",
                "unique_together": (("objective_id", "employee_id"),),
                "pk_attr": "id",
                "table_description": "The version of a draft that somebody was last shown, and what it said: an edit of an older one is asked about.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TrailEntry",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("actor", fields.CharField(db_default="", max_length=32)),
                ("approver", fields.CharField(db_default="", max_length=32)),
                ("platform", fields.CharField(db_default="", max_length=16)),
                ("action", fields.CharField(max_length=32)),
                ("objective_id", fields.IntField(null=True, db_index=True)),
                ("kr_id", fields.IntField(null=True, db_index=True)),
                ("request_id", fields.IntField(null=True)),
                ("field", fields.CharField(db_default="", max_length=16)),
                ("old", fields.TextField(db_default="", unique=False)),
                ("new", fields.TextField(db_default="", unique=False)),
                ("sealed", fields.TextField(db_default="", unique=False)),
                ("decision", fields.TextField(db_default="", unique=False)),
                ("previous", fields.CharField(max_length=64)),
                ("hash", fields.CharField(unique=True, max_length=64)),
            ],
            options={
                "table": "trail",
                "app": "okr",
                "pk_attr": "id",
                "table_description": "One line of the edit trail: only ever added, each bound to the one before by its hash.",
            },
            bases=["Model"],
        ),
        ops.AlterField(
            model_name="BindingRequest",
            name="account_name",
            field=fields.CharField(db_default="", max_length=128),
        ),
        ops.AddField(
            model_name="Employee",
            name="erased_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Employee",
            name="left_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Employee",
            name="noticed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="KeyResult",
            name="commitment",
            field=fields.CharField(db_default="承诺", max_length=16),
        ),
        ops.AddField(
            model_name="KeyResult",
            name="is_kpi",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="KeyResult",
            name="origin",
            field=fields.CharField(db_default="自下而上", max_length=16),
        ),
        ops.AddField(
            model_name="KeyResult",
            name="parent_kr_id",
            field=fields.IntField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="KeyResult",
            name="roll_up",
            field=fields.CharField(db_default="manual", max_length=16),
        ),
        ops.AddField(
            model_name="KeyResult",
            name="score",
            field=fields.DecimalField(null=True, max_digits=4, decimal_places=3),
        ),
        ops.AddField(
            model_name="KeyResult",
            name="score_note",
            field=fields.CharField(db_default="", max_length=255),
        ),
        ops.AddField(
            model_name="KeyResult",
            name="stages",
            field=fields.TextField(db_default="", unique=False),
        ),
        ops.AddField(
            model_name="Objective",
            name="carried_from",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Objective",
            name="direction_id",
            field=fields.IntField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name="Objective",
            name="exception",
            field=fields.CharField(db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="Objective",
            name="score",
            field=fields.DecimalField(null=True, max_digits=4, decimal_places=3),
        ),
        ops.AddField(
            model_name="Objective",
            name="visibility",
            field=fields.CharField(db_default="公开", max_length=16),
        ),
        ops.RunSQL(
            "INSERT INTO alignments (child_objective_id, parent_kr_id, asked_at)"
            " SELECT id, parent_kr_id, created_at FROM objectives"
            " WHERE parent_kr_id IS NOT NULL AND state <> 'deleted'",
            ops.RunSQL.noop,
        ),
    ]
