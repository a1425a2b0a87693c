"""okrbot import metrics: a table of business data in, all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from bot.cli.progress import progress
from config.policy import policy_of
from okr.policy import Policy
from sheets.errors import BadTable
from sheets.metrics import MetricLine, read_metrics
from sheets.reading import read_table
from storage import ingesting, units
from storage.ingesting import Delivery, Outcome
from storage.session import Session

SOURCE = "导入"
AT_ONCE = 1000


class _Nothing(Exception):
    """Nothing is kept: something was rejected, or it was only looked."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查,不写入")
@config_option
def metrics(config_file: Path | None, file: Path, *, dry_run: bool) -> None:
    """业务数据:指标、门店(或部门)、时间、数值,工号和编号可以不写。同一个编号再导一次就是更正。"""
    settings = settings_from(config_file)
    policy = policy_of(settings)
    now = datetime.now(policy.zone)
    lines = _read(file, policy)
    twice = [line for line in lines if line.same_as]

    async def work() -> Outcome:
        async with database_of(settings) as database:
            with progress(len(lines), "导入") as done:

                async def take(session: Session) -> Outcome:
                    outcome = Outcome()
                    known = await units.known(session)
                    delivery = Delivery(SOURCE, now, policy.zone, policy.metrics, known)
                    for first in range(0, len(lines), AT_ONCE):
                        some = [line.raw for line in lines[first : first + AT_ONCE]]
                        outcome.add(await ingesting.deliver(session, some, delivery, first=first))
                        done(len(some))
                    if outcome.rejected or twice or dry_run:
                        raise _Nothing(outcome)
                    return outcome

                return await database.patiently(take)

    try:
        taken = run_async(work())
    except _Nothing as nothing:
        taken = nothing.outcome
    if taken.rejected or twice:
        raise _refused(lines, taken, twice)
    if dry_run:
        click.echo(f"{len(lines)} 行都没问题(只检查,没有写入)")
        return
    moved = f",{len(set(taken.moved))} 个关键结果跟着动了" if taken.moved else ""
    click.echo(f"导入完成:收下 {taken.accepted} 个数,{taken.duplicates} 个早就有了{moved}")


def _read(file: Path, policy: Policy) -> list[MetricLine]:
    names = {spec.name: key for key, spec in policy.metrics.items()}
    try:
        return read_metrics(read_table(file, file.name), names)
    except BadTable as bad:
        raise Failed(str(bad)) from None


def _refused(lines: Sequence[MetricLine], taken: Outcome, twice: Sequence[MetricLine]) -> Failed:
    told = {lines[one.index].line: one.reason for one in taken.rejected}
    told |= {line.line: f"和第 {line.same_as} 行说的是同一个数" for line in twice}
    said = [f"第 {line} 行:{reason}" for line, reason in sorted(told.items())]
    return Failed(*said, f"{len(told)} 处要改,一行都没有导入")
