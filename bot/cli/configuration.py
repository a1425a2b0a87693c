"""okrbot config: the schema of bot.yaml, and what another one would change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, in_force, run_async, settings_from
from config.amending import standing
from config.difference import changed_keys, said
from config.policy import policy_of
from config.schema import json_schema
from okr.amendments import Amendment
from scheduler.dry_run import Difference, Planned, difference
from scheduler.reminders import WATCHES
from storage import settings_changes
from storage.database import Database
from storage.settings_changes import Change

MOST = 500
"""Changes that are listed."""


@click.group()
def config() -> None:
    """配置文件。"""


@config.command()
def schema() -> None:
    """bot.yaml 的 JSON Schema,给编辑器用。"""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@config.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--at",
    "at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    help="看哪一天,默认今天",
)
@config_option
def diff(config_file: Path | None, file: Path, at: datetime | None) -> None:
    """换成 FILE 的话,那天会多发哪些提醒、少发哪些。只看,什么都不发、不存。"""
    if not file.exists():
        raise Failed(f"没有配置文件 {file}")
    old, new = settings_from(config_file), settings_from(file)
    day = (at or datetime.now(old.company.zone)).date()
    if not Database(old.storage.url).exists() and not _tell_changes(changed_keys(old, new)):
        return

    async def work() -> Difference | None:
        async with database_of(old) as database:
            before, after = await in_force(old, database), await in_force(new, database)
            if not _tell_changes(changed_keys(before, after)):
                return None
            return await database.look(
                lambda session: difference(session, policy_of(before), policy_of(after), day, WATCHES)
            )

    found = run_async(work())
    if found is None:
        return
    click.echo(f"按新配置,{day:%Y-%m-%d} 会多发 {len(found.more)} 条,少发 {len(found.less)} 条提醒")
    _tell("多发", found.more)
    _tell("少发", found.less)


def _tell_changes(found: Sequence[tuple[str, str, str]]) -> bool:
    """Whether there are any."""
    if not found:
        click.echo("两份配置一样")
    for key, was, becomes in found:
        click.echo(f"改了 {key}:{was} → {becomes}")
    return bool(found)


@config.command()
@config_option
def changes(config_file: Path | None) -> None:
    """管理员在聊天里改过的设置,一行一次,最近的在前;「生效」的盖在文件上面。"""
    settings = settings_from(config_file)

    async def work() -> tuple[list[Change], list[Amendment], list[Amendment]]:
        async with database_of(settings) as database:
            every = await database.read(lambda session: settings_changes.latest(session, MOST))
            holding = await database.read(settings_changes.in_force)
            return every, holding, [one for one, _ in standing(settings, holding)[1]]

    every, holding, refused = run_async(work())
    if not every:
        click.echo("没有在聊天里改过设置")
    told: set[tuple[str, str]] = set()
    for one in every:
        place = one.amendment.place
        state = "改过" if place in told or one.amendment not in holding else "生效"
        state = "和现在的文件合不上,没有用" if state == "生效" and one.amendment in refused else state
        told.add(place)
        whom = f"[{one.amendment.whom}]" if one.amendment.whom else ""
        when = f"{one.at.astimezone(settings.company.zone):%Y-%m-%d %H:%M}"
        value = "照文件" if one.amendment.value is None else said(one.amendment.value)
        click.echo(
            f"{one.id}\t{when}\t{one.by}\t{one.amendment.key}{whom}\t{said(one.was)} → {value}\t{state}"
        )


def _tell(which: str, letters: Sequence[Planned]) -> None:
    counts = Counter(one.reminder for one in letters)
    for reminder, count in counts.most_common():
        click.echo(f"{which} {count} 条 {reminder} {reminder.called}")
    for one in letters:
        click.echo(f"{which}\t{one.reminder}\t{one.receiver}\t{one.title}")
