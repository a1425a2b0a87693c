from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0014_directory")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BoardLink",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                ("employee_id", fields.IntField(db_index=True)),
                ("platform", fields.CharField(max_length=16)),
                ("user_key", fields.CharField(max_length=128)),
                ("page", fields.CharField(max_length=255)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "board_links",
                "app": "okr",
                "pk_attr": "id",
                "table_description": "An address that signs one person in, once. Only its hash is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BoardSession",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                ("employee_id", fields.IntField(db_index=True)),
                ("platform", fields.CharField(max_length=16)),
                ("user_key", fields.CharField(max_length=128)),
                ("way", fields.CharField(max_length=12)),
                ("link_id", fields.BigIntField(null=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("came_back_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "board_sessions",
                "app": "okr",
                "pk_attr": "id",
                "table_description": "Somebody is signed in on one browser. Only the hash of its cookie is kept.",
            },
            bases=["Model"],
        ),
    ]
