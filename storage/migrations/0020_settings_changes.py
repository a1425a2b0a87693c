from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("okr", "0019_sources_reached")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SettingsChange",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(max_length=96)),
                ("whom", fields.CharField(db_default="", max_length=128)),
                ("value", fields.TextField(unique=False)),
                ("was", fields.TextField(unique=False)),
                ("by_id", fields.IntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "settings_changes",
                "app": "okr",
                "indexes": [Index(fields=["key", "whom"])],
                "pk_attr": "id",
                "table_description": "What an admin has changed of the company's settings in chat. The last one of a key holds.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Wish",
            name="not_before",
            field=fields.CharField(db_default="", max_length=5),
        ),
    ]
