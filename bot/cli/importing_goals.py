"""okrbot import okr: a table of goals in, all lines or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from bot.cli.progress import progress
from config.policy import policy_of
from okr.cycle import at_hand
from okr.goal_lines import GoalLine, LineProblem
from okr.objectives import CycleState
from okr.policy import Policy
from sheets.errors import BadTable
from sheets.goals import Known, read_goals
from sheets.reading import read_table
from storage import cycles, goal_import
from storage import staff as staff_storage
from storage.goal_import import TakenIn, Terms, Unimportable
from storage.session import Session


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查,不写入")
@click.option("--publish", is_flag=True, help="导入以后马上生效;不加就是草稿,各人看过再提交")
@config_option
def okr(config_file: Path | None, file: Path, *, dry_run: bool, publish: bool) -> None:
    """目标,一行一个关键结果:工号、周期、目标、关键结果、单位、起始值、目标值……。草稿会更新,生效了的不会动。"""
    settings = settings_from(config_file)
    policy = policy_of(settings)
    now = datetime.now(policy.zone)
    terms = Terms(now, now.date(), policy.zone, publish, policy.metrics, policy.calendar)

    async def work() -> TakenIn:
        async with database_of(settings) as database:
            known = await database.read(partial(_known, policy, now.date()))
            lines = _goals(file, known)
            with progress(len(lines), "导入") as done:
                return await database.transact(partial(_take_in, lines, terms, done, dry_run))

    try:
        taken = run_async(work())
    except Unimportable as refused:
        raise _refused(refused.problems) from None
    except _OnlyLooked as looked:
        found = looked.taken
        click.echo(
            f"没问题:会新增 {found.new} 个目标,更新 {found.changed} 个,没变 {found.same} 个(只检查,没有写入)"
        )
        return
    told = f",生效 {taken.published} 个" if publish else ""
    click.echo(f"导入完成:新增 {taken.new} 个目标,更新 {taken.changed} 个,没变 {taken.same} 个{told}")


class _OnlyLooked(Exception):
    """What would have been taken in; undone again."""

    def __init__(self, taken: TakenIn) -> None:
        super().__init__()
        self.taken = taken


async def _take_in(
    lines: Sequence[GoalLine], terms: Terms, done: Callable[[int], None], dry_run: bool, session: Session
) -> TakenIn:
    taken = await goal_import.take_in(session, lines, terms, done)
    if dry_run:
        raise _OnlyLooked(taken)
    return taken


async def _known(policy: Policy, today: date, session: Session) -> Known:
    """What a line may refer to: of cycles those that are not locked, and those that goals may be written for."""
    there = await cycles.everything(session)
    closed = {cycle.name for cycle in there if cycle.state is CycleState.CLOSED}
    names = {cycle.name for cycle in there} | {period.name for period in at_hand(today)}
    metrics = {key: metric.name for key, metric in policy.metrics.items()}
    return Known(await staff_storage.known_numbers(session), names - closed, metrics)


def _goals(file: Path, known: Known) -> tuple[GoalLine, ...]:
    try:
        read = read_goals(read_table(file, file.name), known)
    except BadTable as bad:
        raise Failed(str(bad)) from None
    if read.problems:
        raise _refused(read.problems)
    return read.lines


def _refused(problems: Sequence[LineProblem]) -> Failed:
    lines = [f"第 {problem.line} 行 {problem.column}:{problem.reason}" for problem in problems]
    return Failed(*lines, f"{len(problems)} 处要改,一行都没有导入")
