from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("okr", "0012_reads_and_pleas")]

    initial = False

    operations = [
        ops.CreateModel(
            name="MetricDay",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("series_id", fields.IntField()),
                ("day", fields.DateField()),
                ("total", fields.BigIntField()),
                ("points", fields.IntField()),
                ("last_value", fields.BigIntField()),
                ("last_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("source_id", fields.IntField()),
            ],
            options={
                "table": "metric_days",
                "app": "okr",
                "unique_together": (("series_id", "day"),),
                "pk_attr": "id",
                "table_description": "A day of a series in company time, kept in step with its points: late ones and corrections too.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MetricPoint",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=160)),
                ("series_id", fields.IntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("value", fields.BigIntField()),
            ],
            options={
                "table": "metric_points",
                "app": "okr",
                "indexes": [Index(fields=["series_id", "at"])],
                "pk_attr": "key",
                "table_description": "One delivered number. A correction takes its place.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MetricSeries",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("metric", fields.CharField(max_length=64)),
                ("unit", fields.CharField(db_default="", max_length=255)),
                ("employee_id", fields.IntField(db_default=0)),
            ],
            options={
                "table": "metric_series",
                "app": "okr",
                "unique_together": (("metric", "unit", "employee_id"),),
                "indexes": [Index(fields=["metric", "employee_id"])],
                "pk_attr": "id",
                "table_description": "One figure over time: a metric of a unit, of one person, or of a person in a unit.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MetricSource",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("name", fields.CharField(unique=True, max_length=64)),
                ("heard_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("newest_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("tried_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("failures", fields.IntField(db_default=0)),
                ("error", fields.CharField(db_default="", max_length=32)),
                ("unmapped", fields.IntField(db_default=0)),
                ("unmapped_example", fields.CharField(db_default="", max_length=200)),
                ("ignored_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "metric_sources",
                "app": "okr",
                "pk_attr": "id",
                "table_description": "Something that delivers data, and how it is doing.",
            },
            bases=["Model"],
        ),
        ops.AddIndex(
            model_name="KeyResult",
            index=Index(fields=["metric"]),
        ),
    ]
