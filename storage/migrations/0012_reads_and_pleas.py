from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("okr", "0011_letters_as_of")]

    initial = False

    operations = [
        ops.CreateModel(
            name="FileRead",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("person_id", fields.IntField()),
                ("reader_id", fields.IntField(null=True)),
                ("what", fields.CharField(max_length=64)),
                ("day", fields.DateField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "file_reads",
                "app": "okr",
                "unique_together": (("person_id", "reader_id", "what", "day"),),
                "pk_attr": "id",
                "table_description": "Somebody has looked at what another one's performance is, once for each day and thing.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Plea",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=12)),
                ("employee_id", fields.IntField()),
                ("objective_id", fields.IntField(null=True)),
                ("words", fields.TextField(unique=False, db_default="")),
                ("state", fields.CharField(db_default="waiting", max_length=12)),
                ("answered_by_id", fields.IntField(null=True)),
                ("answer", fields.TextField(unique=False, db_default="")),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "pleas",
                "app": "okr",
                "indexes": [Index(fields=["employee_id", "state"])],
                "pk_attr": "id",
                "table_description": "Somebody asks a human: for a correction of what is kept about them, or to look at a score again.",
            },
            bases=["Model"],
        ),
    ]
