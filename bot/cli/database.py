"""okrbot db: migrations."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import config_option, database_of, run_async, settings_from
from storage.database import Database, known_migrations


@click.group()
def db() -> None:
    """数据库升级与历史。"""


@db.command()
@config_option
def upgrade(config_file: Path | None) -> None:
    """把数据库升到这个版本。"""

    async def work() -> list[str]:
        async with database_of(settings_from(config_file), current=False, create=True) as database:
            return await database.upgrade()

    done = run_async(work())
    for name in done:
        click.echo(f"已升级 {name}")
    if not done:
        click.echo("已经是最新的")


@db.command()
@config_option
def history(config_file: Path | None) -> None:
    """列出做过的和还没做的升级。"""

    async def work() -> tuple[list[str], list[str]]:
        settings = settings_from(config_file)
        if not Database(settings.storage.url).exists():
            return [], list(known_migrations())
        async with database_of(settings, current=False) as database:
            return await database.applied_migrations(), await database.missing_migrations()

    applied, missing = run_async(work())
    for name in applied:
        click.echo(f"{name}  已做")
    for name in missing:
        click.echo(f"{name}  未做")
