from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0003_reminders")]

    initial = False

    operations = [
        ops.CreateModel(
            name="TrailHead",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("entries", fields.BigIntField()),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "trail_head",
                "app": "okr",
                "pk_attr": "id",
                "table_description": "How many lines the trail has and the hash of the last: what is cut off at the end is noticed.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="TrailEntry",
            name="form",
            field=fields.CharField(db_default="plain", max_length=8),
        ),
    ]
