"""What all commands share: `--config`, reading it, opening the database, and failing in one readable line each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from config.amending import standing
from config.errors import BadSettings
from config.loading import load
from config.settings import Settings
from storage import settings_changes
from storage.database import Database, SchemaIsOld

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


class Failed(Exception):
    """The command did not succeed; `lines` are for standard error."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines: Sequence[str] = lines


def config_option(function: F) -> F:
    """`--config FILE`; without it `bot.yaml` of this folder, and without that the defaults."""
    option = click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        default=None,
        help="配置文件,默认 bot.yaml",
    )
    return option(function)


def settings_from(config_file: Path | None) -> Settings:
    """Read the configuration. Raises Failed with every finding."""
    path = config_file or (Path("bot.yaml") if Path("bot.yaml").exists() else None)
    if config_file is not None and not config_file.exists():
        raise Failed(f"没有配置文件 {config_file}")
    try:
        return load(path, os.environ)
    except BadSettings as bad:
        raise Failed(*(str(finding) for finding in bad.findings)) from None


@asynccontextmanager
async def database_of(
    settings: Settings, *, current: bool = True, create: bool = False, judged_as_posted: bool = False
) -> AsyncIterator[Database]:
    """Open the database. Raises Failed where there is none, unless it may be created, or, with `current`, where it
    is not migrated: opening an SQLite database makes its file, and looking must leave no trace.
    """
    database = Database(settings.storage.url, judged_as_posted=judged_as_posted)
    if not (create or database.exists()):
        raise Failed(f"还没有数据库 {database.path},先运行:okrbot db upgrade")
    try:
        async with database:
            if current:
                await database.require_current_schema()
            yield database
    except SchemaIsOld as old:
        raise Failed(f"数据库还没升级({', '.join(old.missing)}),先运行:okrbot db upgrade") from None


async def in_force(settings: Settings, database: Database) -> Settings:
    """The file with what the admins have changed in chat over it, as the running bot has it."""
    return standing(settings, await database.read(settings_changes.in_force))[0]


def run_async(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
