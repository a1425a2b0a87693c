from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0024_touched")]

    initial = False

    operations = [
        ops.CreateModel(
            name="UnitMechanism",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("unit", fields.CharField(max_length=255)),
                ("since", fields.DateField()),
                ("mechanism", fields.CharField(max_length=16)),
            ],
            options={
                "table": "unit_mechanisms",
                "app": "okr",
                "unique_together": (("since", "unit"),),
                "pk_attr": "id",
                "table_description": "How a unit set its goals in the period that began on a day: what is said later holds for the next one.",
            },
            bases=["Model"],
        ),
    ]
