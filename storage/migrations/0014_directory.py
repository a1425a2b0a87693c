from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0013_metrics")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DirectoryChange",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("platform", fields.CharField(max_length=16)),
                ("kind", fields.CharField(max_length=16)),
                ("changed_key", fields.CharField(max_length=128)),
                ("former_key", fields.CharField(db_default="", max_length=128)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("tries", fields.IntField(db_default=0)),
                ("next_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "directory_changes",
                "app": "okr",
                "unique_together": (("platform", "kind", "changed_key"),),
                "pk_attr": "id",
                "table_description": "An event of a platform's directory that waits to be looked into.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DirectoryMember",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("platform", fields.CharField(max_length=16)),
                ("user_key", fields.CharField(max_length=128)),
                ("user_id", fields.CharField(max_length=128)),
                ("employee_id", fields.IntField(null=True, db_index=True)),
                ("doubt", fields.CharField(db_default="", max_length=16)),
                ("unit_key", fields.CharField(db_default="", max_length=64)),
                ("leads", fields.TextField(default="", unique=False)),
                ("manager_key", fields.CharField(null=True, max_length=128)),
                ("mark", fields.CharField(db_default="", max_length=16)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("gone_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "directory_members",
                "app": "okr",
                "unique_together": (("platform", "user_key"),),
                "pk_attr": "id",
                "table_description": "Somebody in a platform's directory, and whose row that is. Names and numbers are not kept twice.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DirectoryUnit",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("platform", fields.CharField(max_length=16)),
                ("unit_key", fields.CharField(max_length=64)),
                ("name", fields.CharField(db_default="", max_length=255)),
                ("parent_key", fields.CharField(db_default="", max_length=64)),
            ],
            options={
                "table": "directory_units",
                "app": "okr",
                "unique_together": (("platform", "unit_key"),),
                "pk_attr": "id",
                "table_description": "A department of a platform's directory.",
            },
            bases=["Model"],
        ),
    ]
