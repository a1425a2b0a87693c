"""okrbot sync: what the platforms know, now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, run_async, settings_from
from bot.cli.progress import counting
from bot.directories import directories_of
from cards.directory_letters import PLATFORMS
from config.policy import policy_of
from scheduler import directory as syncing
from scheduler.directory import Report
from storage.directory_intake import Doubt

_WHY = {
    Doubt.NAMESAKE: "有同名的人还没有这个平台的账号,又没有工号可对",
    Doubt.NAMELESS: "姓名看不到,也没有工号和手机号可对",
    Doubt.NUMBER_TAKEN: "工号已经是别人的",
    Doubt.LEFT: "人员表里已经离职",
}
_NAMED = 20


@click.group()
def sync() -> None:
    """从平台拉数据。"""


@sync.command()
@click.option("--allow-many-leavers", "allow_many", is_flag=True, help="少了很多人也当真:都按离职处理")
@config_option
def directory(config_file: Path | None, *, allow_many: bool) -> None:
    """从钉钉、企业微信的通讯录更新部门、人员、上下级;再跑一次不会多做什么。"""
    settings = settings_from(config_file)

    async def work() -> Report:
        async with (
            database_of(settings, current=False, create=True) as database,
            directories_of(settings) as sources,
        ):
            if not sources:
                raise Failed("没有可以同步的通讯录:先在 bot.yaml 里启用钉钉,或者企业微信的自建应用")
            await database.upgrade()
            now = datetime.now(settings.company.zone)
            with counting("读通讯录") as told:
                return await syncing.sync(
                    database, sources, now, policy_of(settings), allow_many=allow_many, told=told
                )

    report = run_async(work())
    for line in _lines(report):
        click.echo(line)
    if report.failed or report.refused:
        raise Failed(*_troubles(report))


def _lines(report: Report) -> Iterator[str]:
    taken = report.taken
    back = f"(其中回来的 {taken.returned} 人)" if taken.returned else ""
    yield (
        f"同步完成:新增 {taken.new} 人,更新 {taken.changed} 人{back},没变 {taken.same} 人,离职 {report.left} 人,"
        f"换部门或上级 {report.moved} 人,没敢认 {len(taken.doubtful)} 人"
    )
    for one in taken.doubtful[:_NAMED]:
        yield f"  没敢认 {one.user_id} {one.name}".rstrip() + f":{_WHY[one.why]}"
    if len(taken.doubtful) > _NAMED:
        yield f"  还有 {len(taken.doubtful) - _NAMED} 人"
    if taken.doubtful:
        yield "  在通讯录里填上工号,或者在人员表里写上他的 userid 再导入,就认得了"
    if report.hidden:
        yield f"  {report.hidden} 人在应用的通讯录范围外,原样没动"
    for platform, calls in report.calls.items():
        yield f"  {PLATFORMS[platform]}调用 {calls} 次"


def _troubles(report: Report) -> Iterator[str]:
    for platform, failed in report.failed.items():
        yield f"{PLATFORMS[platform]}的通讯录没有读完整,什么都没动({failed.code or failed.reason})"
    for platform, names in report.refused.items():
        some = "、".join(names[:5])
        yield (
            f"{PLATFORMS[platform]}的通讯录里一下子少了 {len(names)} 人({some}),没有当离职处理;"
            "真的都走了,再加 --allow-many-leavers"
        )
