"""okrbot erase: the name and the words of somebody who has left, now and for good."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from storage import erasure
from storage.session import Session


@click.command()
@click.argument("number")
@click.option("--yes", is_flag=True, help="真的抹去;不加只说会怎样")
@config_option
def erase(config_file: Path | None, number: str, *, yes: bool) -> None:
    """抹去一个离职的人:姓名、账号、写过的话。数字留下,修改记录照样能验。抹了找不回来。"""
    settings = settings_from(config_file)

    async def work(session: Session) -> erasure.Leaver:
        found = await erasure.find(session, number)
        if found is None:
            raise Failed(f"没有工号 {number} 的人,也可能已经抹去了")
        if found.active:
            raise Failed(f"{found.name}({found.number})还在职:先导入状态是离职的人员表")
        if yes:
            await erasure.erase(session, [found.id], datetime.now(UTC))
        return found

    async def erased() -> erasure.Leaver:
        async with database_of(settings) as database:
            return await database.transact(work)

    found = run_async(erased())
    if not yes:
        raise Failed(f"会抹去 {found.name}({found.number})的姓名、账号和写过的话,找不回来。确定就加 --yes")
    click.echo(f"{found.number} 已经抹去。更早的备份里还有,到期也要删")
