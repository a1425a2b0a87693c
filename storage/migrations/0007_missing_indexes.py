"""Indexes that adding a column had left out, by the names they have in a database that was built at once."""

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = (
    ("idx_binding_req_state_fe6072", "binding_requests", "state, employee_id"),
    ("idx_key_results_parent__a14e20", "key_results", "parent_kr_id"),
    ("idx_objectives_directi_b4e316", "objectives", "direction_id"),
)


class Migration(migrations.Migration):
    dependencies = [("okr", "0006_files")]

    initial = False

    operations = [
        ops.RunSQL(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({columns})", ops.RunSQL.noop)
        for name, table, columns in INDEXES
    ]
