from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0016_day_curves")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PulledFile",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("source_id", fields.IntField()),
                ("digest", fields.CharField(max_length=64)),
                ("name", fields.CharField(max_length=255)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "pulled_files",
                "app": "okr",
                "unique_together": (("source_id", "digest"),),
                "pk_attr": "id",
                "table_description": "A file of a watched folder that has been taken in: known by its content.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="MetricSource",
            name="asked_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="MetricSource",
            name="asked_by",
            field=fields.IntField(null=True),
        ),
    ]
