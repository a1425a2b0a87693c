"""okrbot config: the schema of bot.yaml, and what another one would change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from config.difference import changed_keys
from config.policy import policy_of
from config.schema import json_schema
from scheduler.dry_run import Difference, Planned, difference
from scheduler.reminders import WATCHES


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
    changes = changed_keys(old, new)
    if not changes:
        click.echo("两份配置一样")
        return
    for key, was, becomes in changes:
        click.echo(f"改了 {key}:{was} → {becomes}")
    day = (at or datetime.now(old.company.zone)).date()

    async def work() -> Difference:
        async with database_of(old) as database:
            return await database.look(
                lambda session: difference(session, policy_of(old), policy_of(new), day, WATCHES)
            )

    found = run_async(work())
    click.echo(f"按新配置,{day:%Y-%m-%d} 会多发 {len(found.more)} 条,少发 {len(found.less)} 条提醒")
    _tell("多发", found.more)
    _tell("少发", found.less)


def _tell(which: str, letters: Sequence[Planned]) -> None:
    counts = Counter(one.reminder for one in letters)
    for reminder, count in counts.most_common():
        click.echo(f"{which} {count} 条 {reminder} {reminder.called}")
    for one in letters:
        click.echo(f"{which}\t{one.reminder}\t{one.receiver}\t{one.title}")
