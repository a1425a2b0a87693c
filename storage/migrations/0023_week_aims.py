from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("okr", "0022_tables_in")]

    initial = False

    operations = [
        ops.CreateModel(
            name="WeekAim",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("employee_id", fields.IntField()),
                ("week", fields.CharField(max_length=8)),
                ("kr_id", fields.IntField(null=True)),
                ("words", fields.TextField(unique=False, db_default="")),
                ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "week_aims",
                "app": "okr",
                "unique_together": (("employee_id", "week"),),
                "pk_attr": "id",
                "table_description": "What somebody has set himself for a week: a key result, words, or both.",
            },
            bases=["Model"],
        ),
        ops.AddIndex(
            model_name="Employee",
            index=Index(fields=["region", "store_type"]),
        ),
    ]
