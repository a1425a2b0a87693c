"""okrbot import: files in, all rows or none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from config.policy import policy_of
from scheduler import leaving
from sheets.errors import BadTable
from sheets.reading import read_table
from sheets.staff import StaffFile, read_staff
from storage import staff as staff_storage
from storage.staff import TakenIn


@click.group("import")
def import_() -> None:
    """导入 CSV 或 XLSX,要么全部,要么一行都不进。"""


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查,不写入")
@click.option("--deactivate-missing", is_flag=True, help="文件里没有的人标成离职")
@config_option
def staff(config_file: Path | None, file: Path, *, dry_run: bool, deactivate_missing: bool) -> None:
    """人员表:工号、姓名、部门、上级工号、钉钉userid、企业微信userid……"""
    settings = settings_from(config_file)

    async def work() -> tuple[StaffFile, TakenIn | None, int]:
        async with database_of(settings, current=False, create=True) as database:
            await database.upgrade()
            known = await database.read(staff_storage.known_numbers)
            read = _read(file, known)
            if read.problems or dry_run:
                return read, None, 0
            now = datetime.now(settings.company.zone)
            taken = await database.transact(
                lambda session: staff_storage.take_in(
                    session, read.rows, now, fields=read.columns, deactivate_missing=deactivate_missing
                )
            )
            return read, taken, await leaving.settle_all(database, now, policy_of(settings))

    read, taken, handed = run_async(work())
    if read.problems:
        lines = [f"第 {problem.line} 行 {problem.column}:{problem.reason}" for problem in read.problems]
        raise Failed(*lines, f"{len(read.problems)} 处要改,一行都没有导入")
    if taken is None:
        click.echo(f"{len(read.rows)} 行都没问题(只检查,没有写入)")
        return
    gone = f",标成离职 {taken.deactivated} 人" if deactivate_missing else ""
    click.echo(f"导入完成:新增 {taken.new} 人,更新 {taken.changed} 人,没变 {taken.same} 人{gone}")
    if handed:
        click.echo(f"离职的人里 {handed} 人手上还有目标或审批,已经交给部门负责人,会通知到")


def _read(file: Path, known: set[str]) -> StaffFile:
    try:
        return read_staff(read_table(file, file.name), known_numbers=known)
    except BadTable as bad:
        raise Failed(str(bad)) from None
