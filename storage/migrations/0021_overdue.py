from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("okr", "0020_settings_changes")]

    initial = False

    operations = [
        ops.AddField(
            model_name="KeyResult",
            name="overdue",
            field=fields.BooleanField(db_default=False),
        ),
    ]
