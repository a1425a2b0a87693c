from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0005_interviews")]

    initial = False

    operations = [
        ops.CreateModel(
            name="File",
            fields=[
                ("ref", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=40)),
                ("name", fields.CharField(max_length=255)),
                ("media_type", fields.CharField(max_length=127)),
                ("content", fields.BinaryField()),
                ("signing_key", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "files",
                "app": "okr",
                "pk_attr": "ref",
                "table_description": "A picture or file that a card refers to, as it was when it was answered.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Upload",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "file",
                    fields.ForeignKeyField(
                        "okr.File",
                        source_field="file_id",
                        db_constraint=True,
                        to_field="ref",
                        related_name="uploads",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("channel", fields.CharField(max_length=32)),
                ("media_id", fields.CharField(max_length=255)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "uploads",
                "app": "okr",
                "unique_together": (("file", "channel"),),
                "pk_attr": "id",
                "table_description": "That a platform has been given a file, and the id under which it knows it.",
            },
            bases=["Model"],
        ),
    ]
