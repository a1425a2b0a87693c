from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0015_board")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ClosedDay",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("unit", fields.CharField(max_length=255)),
                ("day", fields.DateField()),
                ("said_by_id", fields.IntField()),
                ("said_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "closed_days",
                "app": "okr",
                "unique_together": (("unit", "day"),),
                "pk_attr": "id",
                "table_description": "A day on which a unit does not open.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="KeyResult",
            name="curve",
            field=fields.TextField(db_default="", unique=False),
        ),
    ]
