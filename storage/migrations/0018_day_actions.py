from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("okr", "0017_pulled_sources")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DayAction",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kr_id", fields.IntField(null=True)),
                ("owner_id", fields.IntField()),
                ("by_id", fields.IntField()),
                ("day", fields.DateField()),
                ("words", fields.CharField(max_length=100)),
                ("until", fields.CharField(db_default="", max_length=5)),
                ("state", fields.CharField(db_default="open", max_length=8)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "day_actions",
                "app": "okr",
                "indexes": [Index(fields=["owner_id", "day"])],
                "pk_attr": "id",
                "table_description": "A5: something to be done on a day, towards a key result.",
            },
            bases=["Model"],
        ),
    ]
