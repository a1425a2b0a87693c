"""okrbot export: tables out, CSV or XLSX by the file's ending."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from bot.cli.progress import progress
from bot.clock import system_clock
from config.policy import policy_of
from config.settings import Settings
from okr.objectives import Cycle
from okr.policy import Policy
from sheets.errors import BadTable
from sheets.goal_export import CHECK_IN_HEADER, GOAL_HEADER, CheckInLine, check_in_row, goal_rows
from sheets.ranking_export import RANKING_HEADER, ranking_rows
from sheets.spelling import Cell
from sheets.writing import write_table
from storage import cycles, goal_export, ranking_export, reads
from storage.database import Database
from storage.session import Session

Rows = list[list[Cell]]
Portion = Callable[[Session, Cycle, Sequence[int], Policy], Awaitable[Rows]]
"""The rows of some owners."""


@click.group()
def export() -> None:
    """导出 CSV 或 XLSX,按文件的结尾。"""


def _options(function: Callable[..., None]) -> Callable[..., None]:
    """`--cycle` and `--out`, as every export has them."""
    cycle = click.option("--cycle", "name", required=True, help="哪个周期,比如 2026Q4")
    out = click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="写到哪个 .csv 或 .xlsx"
    )
    return cycle(out(config_option(function)))


@export.command()
@click.option("--with-drafts", is_flag=True, help="还没提交的草稿也要")
@_options
def okr(config_file: Path | None, name: str, out: Path, *, with_drafts: bool) -> None:
    """一个周期的目标,一行一个关键结果:进度、状态、评分;改好了可以再导入。"""

    async def rows(session: Session, cycle: Cycle, some: Sequence[int], policy: Policy) -> Rows:
        today = datetime.now(policy.zone).date()
        return [
            row
            for whole in await goal_export.goals(session, cycle, some, drafts=with_drafts)
            for row in goal_rows(
                whole.objective, whole.owner, today, policy, supports=whole.supports, notes=whole.notes
            )
        ]

    _export(config_file, name, out, GOAL_HEADER, rows)


@export.command()
@_options
def checkins(config_file: Path | None, name: str, out: Path) -> None:
    """一个周期报过的每一笔:谁、什么时候、多少、说明。"""

    async def rows(session: Session, cycle: Cycle, some: Sequence[int], policy: Policy) -> Rows:
        found: Rows = []
        for whole in await goal_export.goals(session, cycle, some):
            async for objective, kr, entry in goal_export.reported(session, whole):
                line = CheckInLine(
                    whole.owner,
                    objective,
                    kr,
                    entry.value,
                    entry.confidence,
                    entry.note,
                    entry.on_at,
                    entry.recorded_at,
                    entry.source,
                    entry.platform,
                    entry.taken_back,
                )
                found.append(check_in_row(line, policy))
        return found

    _export(config_file, name, out, CHECK_IN_HEADER, rows)


@export.command()
@_options
def ranking(config_file: Path | None, name: str, out: Path) -> None:
    """一个周期的排名:个人、门店、区域按目标进度,门店按每个指标;只有前一半,没有垫底的。"""
    settings = settings_from(config_file)
    policy = policy_of(settings)
    now = system_clock().astimezone(policy.zone)

    async def gathered(database: Database) -> Rows:
        cycle = await _cycle(database, name)
        found = await database.read(
            lambda session: ranking_export.standings(session, cycle, policy, now.date())
        )
        return ranking_rows(found)

    _write(settings, out, RANKING_HEADER, gathered)


def _export(config_file: Path | None, name: str, out: Path, header: Sequence[str], portion: Portion) -> None:
    settings = settings_from(config_file)
    policy = policy_of(settings)
    _write(settings, out, header, lambda database: _gathered(database, name, policy, portion))


def _write(
    settings: Settings, out: Path, header: Sequence[str], gathered: Callable[[Database], Awaitable[Rows]]
) -> None:
    async def work() -> Rows:
        async with database_of(settings) as database:
            return await gathered(database)

    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise Failed(f"{out.name}:只能写成 .csv 或 .xlsx")
    found = run_async(work())
    try:
        write_table(out, header, found)
    except BadTable as bad:
        raise Failed(str(bad)) from None
    click.echo(f"{len(found)} 行写到了 {out}")


async def _cycle(database: Database, name: str) -> Cycle:
    """Raises Failed, with the names there are."""
    cycle = await database.read(lambda session: cycles.by_name(session, name.upper()))
    if cycle is None:
        every = await database.read(cycles.everything)
        known = "、".join(one.name for one in every)
        raise Failed(f"没有周期 {name},有:{known}" if known else f"没有周期 {name}")
    return cycle


async def _gathered(database: Database, name: str, policy: Policy, portion: Portion) -> Rows:
    """The rows of all owners, some at a time: nobody who chats has to wait for all of them."""
    cycle = await _cycle(database, name)
    owners = await database.read(lambda session: goal_export.owners(session, cycle))
    found: Rows = []
    with progress(len(owners), "导出") as done:
        for begin in range(0, len(owners), goal_export.AT_A_TIME):
            some = owners[begin : begin + goal_export.AT_A_TIME]
            found += await database.read(partial(_portion, portion, cycle, some, policy))
            done(len(some))
    now = system_clock().astimezone(policy.zone)
    await database.transact(
        lambda session: reads.note(session, owners, None, f"导出 {cycle.name}", now.date(), now)
    )
    return found


async def _portion(
    portion: Portion, cycle: Cycle, some: Sequence[int], policy: Policy, session: Session
) -> Rows:
    return await portion(session, cycle, some, policy)
