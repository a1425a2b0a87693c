from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0007_missing_indexes")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Letter",
            name="handle",
            field=fields.CharField(db_default="", max_length=128),
        ),
    ]
