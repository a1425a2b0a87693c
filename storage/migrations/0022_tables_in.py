from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0021_overdue")]

    initial = False

    operations = [
        ops.CreateModel(
            name="TableIn",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "employee",
                    fields.ForeignKeyField(
                        "okr.Employee",
                        source_field="employee_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tables_in",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("name", fields.CharField(max_length=128)),
                ("content", fields.TextField(db_default="", unique=False)),
                ("mark", fields.CharField(db_default="", max_length=64)),
                ("state", fields.CharField(db_default="waiting", max_length=8)),
                ("outcome", fields.TextField(db_default="", unique=False)),
                ("undo", fields.TextField(db_default="", unique=False)),
                ("sent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "tables_in",
                "app": "okr",
                "pk_attr": "id",
                "table_description": "A table as it was read, while the file itself is not kept. Forgotten a day after it was sent, or after it was written.",
            },
            bases=["Model"],
        ),
    ]
