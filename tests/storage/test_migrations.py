"""The way from an empty database to this version's, and the alarm for a model that went ahead of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from tortoise import fields
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.models import Model

import storage.migrations
from okr.objectives import Commitment, RollUp, Visibility
from storage import cycles, objectives, tables
from storage.database import Database, SchemaIsOld
from storage.session import Session

ALL = sorted(path.stem for path in Path(storage.migrations.__file__).parent.glob("0*.py"))


async def unwritten_changes() -> list[str]:
    """What the models have that no migration has, as the migration's source."""
    apps = {
        "okr": {
            "models": list(tables.ROOMS),
            "default_connection": "sqlite",
            "migrations": "storage.migrations",
        }
    }
    async with TortoiseContext() as context:
        await context.init(
            config={
                "connections": {
                    "sqlite": {"engine": "tortoise.backends.sqlite", "credentials": {"file_path": ":memory:"}}
                },
                "apps": apps,
            },
            init_connections=False,  # the models stay prepared for the engine that they are used with
        )
        assert context.apps is not None
        return [writer.as_string() for writer in await MigrationAutodetector(context.apps, apps).changes()]


async def test_an_empty_database_is_brought_up_to_date_once(empty_url: str) -> None:
    async with Database(empty_url) as database:
        assert await database.missing_migrations() == ALL
        assert await database.upgrade() == ALL
        assert await database.upgrade() == []
        assert await database.missing_migrations() == []
        assert await database.applied_migrations() == ALL


async def test_an_old_schema_is_refused_by_the_names_of_what_is_missing(empty_url: str) -> None:
    async with Database(empty_url) as database:
        with pytest.raises(SchemaIsOld) as refused:
            await database.require_current_schema()

    assert refused.value.missing == ALL


async def test_a_migrated_database_is_current_after_a_restart(database_url: str) -> None:
    async with Database(database_url) as database:
        await database.require_current_schema()
        assert database.exists()


async def test_asking_makes_no_empty_file_look_kept(tmp_path: Path) -> None:
    assert not Database(f"sqlite://{tmp_path / 'never.db'}").exists()


async def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    async with Database(f"sqlite://{tmp_path / 'data' / 'okrbot.db'}") as database:
        await database.upgrade()

    assert (tmp_path / "data" / "okrbot.db").exists()


async def test_every_change_of_the_models_has_a_migration() -> None:
    assert await unwritten_changes() == []


@pytest.fixture
def changed_tables(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The models as they would be after somebody added a table to storage/tables and nothing else."""
    module = sys.modules[tables.ROOMS[0]]

    class Forgotten(Model):
        id = fields.IntField(primary_key=True)

        class Meta:
            table = "forgotten"

    Forgotten.__module__ = module.__name__
    monkeypatch.setattr(module, "Forgotten", Forgotten, raising=False)
    return module


async def test_a_model_without_a_migration_is_noticed(changed_tables: ModuleType) -> None:
    del changed_tables

    assert "Forgotten" in "".join(await unwritten_changes())


async def fill(session: Session) -> None:
    """As the first version kept it: somebody with two objectives, one of which supports the other's key result."""
    now = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    empty = (
        "department",
        "position",
        "grade",
        "region",
        "store",
        "store_type",
        "employment",
        "mobile",
        "home",
    )
    await session.run(
        f"INSERT INTO employees (number, name, active, last_platform, {', '.join(empty)})"
        f" VALUES ('E1', '甲', ?, '', {', '.join(['?'] * len(empty))})",
        True,
        *[""] * len(empty),
    )
    cycle = await cycles.running(session, now.date())
    for title, parent in (("上", None), ("下", 1)):
        await session.run("INSERT INTO objectives (cycle_id, owner_id, title, state, parent_kr_id, version, created_at)"
            " VALUES (?, 1, ?, 'active', ?, 1, ?)", cycle.id, title, parent, now)  # fmt: skip
    await session.run("INSERT INTO key_results (objective_id, position, title, kind, unit, basis, cumulative, milestones,"
        " rungs, weight, state, metric, metric_own, doubts, value_source, value_typed)"
        " VALUES (1, 1, '数', 'number', '人', '日均', ?, '', '', 1, 'active', '', ?, '', '', ?)", False, False, True)  # fmt: skip


COLUMNS = {
    "sqlite": 'SELECT m.name, p.name, p.type, p."notnull", p.dflt_value, p.pk FROM sqlite_master m'
    " JOIN pragma_table_info(m.name) p WHERE m.type = 'table'",
    "postgres": "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length"
    " FROM information_schema.columns WHERE table_schema = 'public'",
}
INDEXES = {
    "sqlite": 'SELECT m.name, l."unique", (SELECT group_concat(i.name) FROM pragma_index_info(l.name) i)'
    " FROM sqlite_master m JOIN pragma_index_list(m.name) l WHERE m.type = 'table'",
    "postgres": "SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') FROM pg_indexes"
    " WHERE schemaname = 'public'",
}


async def schema_of(database: Database) -> tuple[list[str], list[str]]:
    """Every column and every index, whatever their order."""
    engine = "sqlite" if database.is_sqlite else "postgres"

    async def look(session: Session) -> tuple[list[str], list[str]]:
        columns, indexes = await session.all(COLUMNS[engine]), await session.all(INDEXES[engine])
        return sorted(str(tuple(row)) for row in columns), sorted(str(tuple(row)) for row in indexes)

    return await database.read(look)


async def test_step_by_step_what_was_kept_stays_and_the_tables_are_those_built_at_once(
    empty_url: str,
) -> None:
    """An objective that supported a key result is one of its children afterwards, and what is new has its usual value."""
    async with Database(empty_url) as stepwise:
        await stepwise.upgrade(until=ALL[0])
        await stepwise.transact(fill)
        assert await stepwise.upgrade() == ALL[1:]
        edges = await stepwise.read(
            lambda session: session.all("SELECT child_objective_id, parent_kr_id, state FROM alignments")
        )
        whole = await stepwise.read(lambda session: objectives.with_key_result(session, 1))
        assert [tuple(edge) for edge in edges] == [(2, 1, "active")]
        assert whole is not None
        assert whole.visibility is Visibility.PUBLIC
        assert [(kr.commitment, kr.roll_up, kr.stages) for kr in whole.key_results] == [
            (Commitment.COMMITTED, RollUp.MANUAL, ())
        ]
        expected = await schema_of(stepwise)
        await stepwise.transact(emptied)
    async with Database(empty_url) as at_once:
        assert await at_once.upgrade() == ALL
        assert await schema_of(at_once) == expected


async def emptied(session: Session) -> None:
    """Drop every table."""
    if session.for_update:
        await session.orm.execute_script("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return
    await session.run("PRAGMA defer_foreign_keys = ON")
    for row in await session.all(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ):
        await session.run(f"DROP TABLE {row[0]}")
