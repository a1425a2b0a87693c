from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("okr", "0008_card_handles")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DraftEdit",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("objective_id", fields.IntField()),
                ("version", fields.IntField()),
                ("author_id", fields.IntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("keys", fields.TextField(unique=False)),
            ],
            options={
                "table": "draft_edits",
                "app": "okr",
                "indexes": [Index(fields=["objective_id", "version"])],
                "pk_attr": "id",
                "table_description": "One save of a draft that several people write: who has changed which parts in which version.",
            },
            bases=["Model"],
        ),
    ]
