from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0009_draft_edits")]

    initial = False

    operations = [
        ops.CreateModel(
            name="TemplateUse",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("template", fields.CharField(max_length=32)),
                ("cycle_id", fields.IntField()),
                ("employee_id", fields.IntField(db_index=True)),
                ("objective_id", fields.IntField(null=True)),
                ("by_id", fields.IntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "template_uses",
                "app": "okr",
                "unique_together": (("template", "cycle_id", "employee_id"),),
                "pk_attr": "id",
                "table_description": "A goal template that somebody has in a cycle, by himself or handed out to him.",
            },
            bases=["Model"],
        ),
    ]
