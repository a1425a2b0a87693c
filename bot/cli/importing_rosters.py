"""okrbot import roster: who works when, all rows or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from okr.rosters import DayPlan
from sheets.errors import BadTable
from sheets.reading import read_table
from sheets.roster import RosterFile, RosterRow, read_roster
from storage import people, rosters
from storage.rosters import TakenIn

SOURCE = "file"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查,不写入")
@config_option
def roster(config_file: Path | None, file: Path, *, dry_run: bool) -> None:
    """排班表:工号、日期、开始、结束;休息的那天在「开始」写 休,夜班的结束算第二天。表里有的日子按表里的算。"""
    settings = settings_from(config_file)
    zone = settings.company.zone

    async def work() -> tuple[RosterFile, TakenIn | None]:
        async with database_of(settings) as database:
            ids = await database.read(people.ids_by_number)
            read = _read(file, ids, datetime.now(zone).date())
            if read.problems or dry_run:
                return read, None
            said = _plans(read.rows, ids)
            return read, await database.transact(lambda session: rosters.take_in(session, said, zone, SOURCE))

    read, taken = run_async(work())
    if read.problems:
        lines = [f"第 {problem.line} 行 {problem.column}:{problem.reason}" for problem in read.problems]
        raise Failed(*lines, f"{len(read.problems)} 处要改,一行都没有导入")
    if taken is None:
        click.echo(f"{len(read.rows)} 行都没问题(只检查,没有写入)")
        return
    click.echo(f"导入完成:{taken.people} 人 {taken.days} 天的班,其中改了原来排好的 {taken.changed} 天")


def _read(file: Path, known: Mapping[str, int], today: date) -> RosterFile:
    try:
        return read_roster(read_table(file, file.name), known.keys(), today)
    except BadTable as bad:
        raise Failed(str(bad)) from None


def _plans(rows: Sequence[RosterRow], ids: Mapping[str, int]) -> list[DayPlan]:
    """The rows of one person and day together."""
    hours: dict[tuple[int, date], DayPlan] = {}
    for row in rows:
        key = (ids[row.number], row.day)
        had = hours[key].hours if key in hours else ()
        hours[key] = DayPlan(*key, had if row.hours is None else (*had, row.hours))
    return list(hours.values())
