from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("okr", "0026_people_by_store")]

    initial = False

    operations = [ops.AddIndex(model_name="Employee", index=Index(fields=["manager_id"]))]
