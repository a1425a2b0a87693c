"""okrbot import metrics: a table of business data in; nothing of it is kept unless every row is right.

The file is read twice, row by row: once to find what is wrong in it, and then, where nothing is, to keep it in small
steps that let the running bot in between. So it may be of any length.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from bot.cli.progress import counting, progress
from bot.intake import Intake
from config.policy import policy_of
from sheets.errors import BadTable
from sheets.metrics import MetricLine, in_words_of_a_table, metric_lines
from sheets.reading import unrolled
from storage import ingesting, units
from storage.database import Database
from storage.ingesting import Delivery, Rejected
from storage.repeats import Repeats

SOURCE = "导入"
PORTION = 5_000
"""Numbers that are held at a time."""
TELLS = 1_000
"""Wrong lines that are named; the rest is counted."""


@dataclass(slots=True)
class Found:
    """What a file has: so many numbers, and what is wrong in which line."""

    count: int = 0
    wrong: dict[int, str] = field(default_factory=dict)
    unnamed: int = 0

    def blame(self, line: int, reason: str) -> None:
        if line in self.wrong or len(self.wrong) < TELLS:
            self.wrong[line] = reason
        else:
            self.unnamed += 1


@dataclass(slots=True)
class Taken:
    accepted: int = 0
    known: int = 0
    rejected: int = 0
    moved: set[int] = field(default_factory=set)

    @property
    def said(self) -> str:
        moved = f",{len(self.moved)} 个关键结果跟着动了" if self.moved else ""
        return f"收下 {self.accepted} 个数,{self.known} 个早就有了{moved}"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查,不写入")
@config_option
def metrics(config_file: Path | None, file: Path, *, dry_run: bool) -> None:
    """业务数据:指标、门店(或部门)、时间、数值,工号和编号可以不写。同一个编号再导一次就是更正。CSV 多长都行。"""
    settings = settings_from(config_file)
    policy = policy_of(settings)
    now = datetime.now(policy.zone)

    async def work() -> tuple[Found, Taken | None]:
        async with database_of(settings) as database:
            known = await database.read(units.known)
            delivery = Delivery(SOURCE, now, policy.zone, policy.metrics, known)
            found = await _looked_through(database, file, delivery)
            if found.wrong or dry_run:
                return found, None
            return found, await _kept(database, file, delivery, found.count)

    found, taken = run_async(work())
    if found.wrong:
        raise _refused(found)
    if taken is None:
        click.echo(f"{found.count} 行都没问题(只检查,没有写入)")
        return
    if taken.rejected:
        raise Failed(f"{taken.said};另有 {taken.rejected} 个没收:导入的时候文件或人员变了,请再导一次")
    click.echo(f"导入完成:{taken.said}")


@contextmanager
def _portions(file: Path, delivery: Delivery) -> Iterator[Iterator[list[MetricLine]]]:
    """Raises Failed where the file is no such table, at once or while one reads."""
    names = {spec.name: key for key, spec in delivery.metrics.items()}
    try:
        with unrolled(file, file.name) as table:
            yield _in_portions(metric_lines(table, names))
    except BadTable as bad:
        raise Failed(str(bad)) from None


def _in_portions(lines: Iterator[MetricLine]) -> Iterator[list[MetricLine]]:
    """What was read before a line that cannot be read comes before the BadTable."""
    some: list[MetricLine] = []
    try:
        for line in lines:
            some.append(line)
            if len(some) == PORTION:
                yield some
                some = []
    except BadTable:
        yield some
        raise
    yield some


async def _looked_through(database: Database, file: Path, delivery: Delivery) -> Found:
    found = Found()
    try:
        await _look_through(database, file, delivery, found)
    except Failed as broken:
        if not found.wrong:
            raise
        raise _refused(found, broken.lines) from None
    return found


async def _look_through(database: Database, file: Path, delivery: Delivery, found: Found) -> None:
    with counting("检查") as done, Repeats() as repeats, _portions(file, delivery) as portions:
        for some in portions:
            raw = [line.raw for line in some]
            places = await database.read(partial(ingesting.placed, raw=raw, delivery=delivery))
            same = repeats.of([(line.raw["id"], line.line) for line in some])
            for index, (line, place) in enumerate(zip(some, places, strict=True)):
                if index in same:
                    found.blame(line.line, f"和第 {same[index]} 行说的是同一个数")
                elif isinstance(place, Rejected):
                    found.blame(line.line, in_words_of_a_table(place.reason))
            found.count += len(some)
            done(len(some))


async def _kept(database: Database, file: Path, delivery: Delivery, count: int) -> Taken:
    intake, taken = Intake(database), Taken()
    try:
        with progress(count, "导入") as done, _portions(file, delivery) as portions:
            for some in portions:
                outcome = await intake.take([line.raw for line in some], delivery)
                taken.accepted += outcome.accepted
                taken.known += outcome.duplicates
                taken.rejected += len(outcome.rejected)
                taken.moved |= set(outcome.moved)
                done(len(some))
    except (Exception, asyncio.CancelledError) as error:
        why = "被中断了" if isinstance(error, asyncio.CancelledError) else f"断了:{error}"
        raise Failed(f"导到一半{why}。{taken.said};把同一个文件再导一次就行,收下的不会算两遍") from error
    return taken


def _refused(found: Found, broken: Sequence[str] = ()) -> Failed:
    """`broken`: why nothing more of the file could be looked at."""
    said = [f"第 {line} 行:{reason}" for line, reason in sorted(found.wrong.items())]
    if found.unnamed:
        said.append(f"……还有 {found.unnamed} 处,没有一一列出")
    return Failed(*said, *broken, f"{len(found.wrong) + found.unnamed} 处要改,一行都没有导入")
