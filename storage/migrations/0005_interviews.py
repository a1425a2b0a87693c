from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0004_trail_head")]

    initial = False

    operations = [
        ops.AddField(
            model_name="ChangeRequest",
            name="interview",
            field=fields.CharField(db_default="", max_length=200),
        ),
    ]
