from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("okr", "0002_goals_in_depth")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Follow",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("employee_id", fields.IntField(null=True, db_index=True)),
                ("platform", fields.CharField(db_default="", max_length=16)),
                ("conversation_id", fields.CharField(db_default="", max_length=255)),
                ("target", fields.CharField(db_index=True, max_length=64)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "follows",
                "app": "okr",
                "unique_together": (("employee_id", "platform", "conversation_id", "target"),),
                "pk_attr": "id",
                "table_description": "Somebody, or a group, wants to hear of a goal or a unit.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HelpRequest",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(db_default="help", max_length=8)),
                ("kr_id", fields.IntField(db_index=True)),
                ("asker_id", fields.IntField(db_index=True)),
                ("asked_id", fields.IntField(null=True, db_index=True)),
                ("words", fields.TextField(db_default="", unique=False)),
                ("due", fields.DateField(null=True)),
                ("state", fields.CharField(db_default="waiting", max_length=12)),
                ("passed_on_from_id", fields.IntField(null=True)),
                ("platform", fields.CharField(db_default="", max_length=16)),
                ("conversation_id", fields.CharField(db_default="", max_length=255)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("answer", fields.TextField(db_default="", unique=False)),
                ("next_step", fields.TextField(db_default="", unique=False)),
                ("next_step_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "help_requests",
                "app": "okr",
                "indexes": [Index(fields=["state", "asked_at"])],
                "pk_attr": "id",
                "table_description": "X3: somebody is asked to help with a key result, or a blocker that waits for somebody.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reaction",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=8)),
                ("objective_id", fields.IntField(null=True, db_index=True)),
                ("kr_id", fields.IntField(null=True, db_index=True)),
                ("check_in_id", fields.BigIntField(null=True)),
                ("author_id", fields.IntField(db_index=True)),
                ("words", fields.TextField(db_default="", unique=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reactions",
                "app": "okr",
                "pk_attr": "id",
                "table_description": "A like or a comment on a goal.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Review",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("month", fields.CharField(max_length=7)),
                ("team_id", fields.IntField(db_index=True)),
                ("employee_id", fields.IntField(db_index=True)),
                ("state", fields.CharField(db_default="opened", max_length=12)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due", fields.DateField()),
                ("submitted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("words", fields.TextField(db_default="", unique=False)),
            ],
            options={
                "table": "reviews",
                "app": "okr",
                "unique_together": (("month", "employee_id"),),
                "pk_attr": "id",
                "table_description": "One person's monthly review of one objective's key results, within the review of a team.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReviewLine",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("review_id", fields.IntField()),
                ("kr_id", fields.IntField()),
                ("planned", fields.DecimalField(max_digits=12, decimal_places=6)),
                ("actual", fields.DecimalField(max_digits=12, decimal_places=6)),
                ("value", fields.DecimalField(null=True, max_digits=24, decimal_places=6)),
                ("needed_rate", fields.DecimalField(null=True, max_digits=24, decimal_places=6)),
                ("recent_rate", fields.DecimalField(null=True, max_digits=24, decimal_places=6)),
                ("cause", fields.CharField(db_default="", max_length=32)),
                ("decision", fields.CharField(db_default="", max_length=8)),
                ("words", fields.TextField(db_default="", unique=False)),
            ],
            options={
                "table": "review_lines",
                "app": "okr",
                "unique_together": (("review_id", "kr_id"),),
                "pk_attr": "id",
                "table_description": "One key result within a review: what was planned, what came, and what its owner says to it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Shift",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "employee",
                    fields.ForeignKeyField(
                        "okr.Employee",
                        source_field="employee_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shifts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("source", fields.CharField(db_default="", max_length=32)),
            ],
            options={
                "table": "shifts",
                "app": "okr",
                "unique_together": (("employee", "starts_at"),),
                "indexes": [Index(fields=["employee_id", "day"])],
                "pk_attr": "id",
                "table_description": "One working time of one person, as the roster says. A night shift ends on the day after.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Skill",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "employee",
                    fields.ForeignKeyField(
                        "okr.Employee",
                        source_field="employee_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="skills",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("word", fields.CharField(max_length=32)),
                ("said_by_id", fields.IntField(null=True)),
                ("said_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "skills",
                "app": "okr",
                "unique_together": (("employee", "word"),),
                "pk_attr": "id",
                "table_description": "What somebody is good at, by a word.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Wish",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("employee_id", fields.IntField(db_index=True)),
                ("reminder", fields.CharField(max_length=32)),
                ("subject", fields.CharField(db_default="", max_length=64)),
                ("wanted", fields.BooleanField()),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("said_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "wishes",
                "app": "okr",
                "unique_together": (("employee_id", "reminder", "subject"),),
                "pk_attr": "id",
                "table_description": "What somebody wants to hear, or not: a reminder switched off or on, snoozed, or moved to another hour.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="JobRun",
            name="state",
            field=fields.CharField(db_default="done", max_length=8),
        ),
        ops.AddField(
            model_name="Letter",
            name="facts",
            field=fields.TextField(db_default="", unique=False),
        ),
        ops.AddField(
            model_name="Letter",
            name="folded_into",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Letter",
            name="level",
            field=fields.SmallIntField(db_default=0),
        ),
        ops.AddField(
            model_name="Letter",
            name="reminder",
            field=fields.CharField(db_default="", max_length=32),
        ),
        ops.AddField(
            model_name="Letter",
            name="subject",
            field=fields.CharField(db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="Letter",
            name="variant",
            field=fields.CharField(db_default="", max_length=32),
        ),
        ops.AddIndex(
            model_name="Letter",
            index=Index(fields=["employee_id", "reminder", "created_at"]),
        ),
    ]
