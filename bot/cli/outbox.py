"""okrbot outbox: messages waiting and messages given up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from storage.outbox import Listed, listed
from storage.outbox import retry as retried


@click.group()
def outbox() -> None:
    """等着发的和发不出去的消息。"""


@outbox.command("list")
@click.option("--dead", is_flag=True, help="只看放弃了的")
@config_option
def list_(config_file: Path | None, *, dead: bool) -> None:
    """一行一条:编号、状态、收信人、第一行、下次尝试。"""
    settings = settings_from(config_file)

    async def work() -> list[Listed]:
        async with database_of(settings) as database:
            return await database.read(
                lambda session: listed(session, ("dead",) if dead else ("waiting", "dead"))
            )

    for letter in run_async(work()):
        when = letter.next_try.astimezone(settings.company.zone)
        tail = f"{when:%Y-%m-%d %H:%M:%S}" if letter.state == "waiting" else letter.error
        click.echo(f"{letter.id}\t{letter.state}\t{letter.receiver}\t{letter.first_line}\t{tail}")


@outbox.command()
@click.argument("letter_id", type=int, required=False, metavar="[ID]")
@click.option("--all", "everything", is_flag=True, help="全部重试")
@config_option
def retry(config_file: Path | None, letter_id: int | None, *, everything: bool) -> None:
    """让一条或全部马上再试一次。"""
    if (letter_id is None) == (not everything):
        raise Failed("写一个编号,或者 --all")

    async def work() -> int:
        async with database_of(settings_from(config_file)) as database:
            now = datetime.now(UTC)
            return await database.transact(lambda session: retried(session, now, letter_id))

    count = run_async(work())
    if not count:
        raise Failed(f"没有编号为 {letter_id} 的等待或放弃的消息" if letter_id else "没有等待或放弃的消息")
    click.echo(f"{count} 条会马上再试")
