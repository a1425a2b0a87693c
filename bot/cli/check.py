"""okrbot check: is everything as it should be?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from bot.board.web import board_address
from bot.cli.options import Failed, config_option, database_of, in_force, run_async, settings_from
from chat.events import PlatformName
from config.holidays import office_calendar
from config.policy import policy_of
from config.settings import Settings
from okr.policy import Policy
from okr.quota import NAMES, WORKING_DAYS, Quota, edition_for, foresee, pulling, rostering
from okr.reminding import SPEAKING, ReminderRule
from storage import directory, job_runs, people, roll_ups, trail
from storage.job_runs import SKIPPED, Run
from storage.roll_ups import Astray
from storage.trail import Verified


@dataclass(frozen=True, slots=True)
class Finding:
    """One line; `bad` makes the exit code 1."""

    text: str
    bad: bool = False
    warning: bool = False


@click.command()
@config_option
@click.option("--online", is_flag=True, help="也试一下平台的凭证和权限")
def check(config_file: Path | None, *, online: bool) -> None:
    """检查配置、数据库和升级;加 --online 也检查平台凭证。"""
    settings = settings_from(config_file)

    async def work() -> list[Finding]:
        return [finding async for finding in _findings(settings, online=online)]

    findings = run_async(work())
    for finding in findings:
        click.echo(f"{'错误' if finding.bad else '注意' if finding.warning else '正常'}  {finding.text}")
    if any(finding.bad for finding in findings):
        raise SystemExit(1)


async def _findings(settings: Settings, *, online: bool) -> AsyncIterator[Finding]:
    yield Finding("配置读得懂")
    for name, on in (("钉钉", settings.dingtalk.enabled), ("企业微信", settings.wecom.enabled)):
        yield Finding(f"{name}{'已启用' if on else '没有启用'}", warning=not on)
    yield _of_board(settings)
    if not settings.company.admins:
        yield Finding("company.admins 是空的:没有人能确认绑定和收到运行警告", warning=True)
    now = datetime.now(settings.company.zone)
    year = office_calendar(settings.calendar).unknown_year(now.date())
    if year is not None:
        yield Finding(
            f"{year} 年的放假安排还不知道,先按周一到周五算;可以在 calendar 里写上 holidays 和 workdays",
            warning=True,
        )
    try:
        async for finding in _database(settings, now):
            yield finding
    except Failed as failed:
        yield Finding("; ".join(failed.lines), bad=True)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what keeps the bot from running
        yield Finding(f"数据库连不上:{type(error).__name__} {error}".strip(), bad=True)
    if online:
        async for finding in _platforms(settings):
            yield finding
        async for finding in _sources(settings, now):
            yield finding


async def _database(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    async with database_of(settings, current=False) as database:
        if missing := await database.missing_migrations():
            yield Finding(f"数据库还没升级({', '.join(missing)}),运行:okrbot db upgrade", bad=True)
            return
        yield Finding("数据库连得上,已经是最新的")
        wanted = sorted(settings.company.admins)
        found = await database.read(lambda session: people.by_numbers(session, wanted))
        unknown = set(wanted) - {person.number for person in found}
        if unknown:
            yield Finding(f"company.admins 里这些工号不在人员表:{', '.join(sorted(unknown))}", warning=True)
        if wanted and not found:
            yield Finding("company.admins 里没有一个在职的人:现在没有人能当管理员", warning=True)
        policy = policy_of(await in_force(settings, database))
        if policy.quota is not None:
            reached = await database.read(people.reached_by_dingtalk)
            seen = await database.read(lambda session: directory.size(session, PlatformName.DINGTALK))
            staff = await database.read(lambda session: people.of_stores_on(session, PlatformName.DINGTALK))
            for finding in _of_quota(reached, seen, len(staff), policy, policy.quota):
                yield finding
        yield _of_trail(await database.read(trail.verify))
        yield _of_roll_ups(await database.read(roll_ups.from_scratch))
        missed = await database.read(lambda session: job_runs.missed(session, now - _LATELY))
        if missed:
            yield _of_jobs(missed, settings)


def _of_quota(
    reached: int, seen: tuple[int, int], staff: int, policy: Policy, quota: Quota
) -> Iterator[Finding]:
    """What the month will cost by class, and whether the edition carries it. `seen`: units and people of the directory;
    `staff`: those of stores.
    """
    on = [reminder for reminder in SPEAKING if policy.reminders.get(reminder, ReminderRule()).on]
    chores: dict[str, float] = {}
    if seen[1] and policy.directory.nightly:
        pull, counted = pulling(*seen), policy.directory.contacts_count
        if counted:
            chores["通讯录"] = pull.month
        yield Finding(
            f"钉钉通讯录:平时每晚约 {pull.night} 次、周日 {pull.sunday} 次,连同变动一个月约 {pull.month} 次,"
            + (
                "算进调用量"
                if counted
                else "不算调用量(钉钉的说明;不是这样就写 directory.contacts_count: true)"
            )
        )
    if policy.directory.rosters and staff:
        chores["排班"] = rostering(staff)
    if policy.opening_card:
        chores["开工卡"] = WORKING_DAYS * reached
    forecast = foresee(reached, on, chores)
    parts = [f"{NAMES[kind]} {cost.calls:.0f}" for kind, cost in forecast.costs.items()]
    classes = "、".join([*parts, *(f"{name} {calls:.0f}" for name, calls in chores.items())])
    yield Finding(
        f"钉钉一个月预计(按 {reached} 人):调用 {forecast.calls} 次({classes}),推送 {forecast.pushes} 次"
    )
    fits_calls = not quota.calls or forecast.calls <= quota.usable_calls
    fits_pushes = not quota.pushes or forecast.pushes <= quota.usable_pushes
    if fits_calls and fits_pushes:
        yield Finding("钉钉的额度够用")
        return
    edition = edition_for(forecast, quota.reserved)
    yield Finding(
        f"钉钉的额度不够(除去留给别的机器人的,能用调用 {quota.usable_calls} 次、推送 {quota.usable_pushes} 次):"
        "到月底喝彩、报告、预警会依次合并,审批和协作照发;"
        + (f"全部照发要{edition}" if edition else "没有哪个版本能全部照发"),
        warning=True,
    )


def _of_board(settings: Settings) -> Finding:
    public, address = settings.server.public_url, board_address(settings, settings.server.port)
    if public.startswith("https://"):
        return Finding(f"看板在 {address}/board")
    if public:
        return Finding(f"看板在 {address}/board,没有加密(要 https),路上看得到", warning=True)
    where = f"链接是 {address}/board,只有这台机器打得开" if address else "聊天里不给链接"
    return Finding(f"看板:没有写 server.public_url,{where}", warning=True)


_BROKEN = {"changed": "和写下时不一样", "missing": "不见了", "added": "是后来塞进去的"}


def _of_trail(found: Verified) -> Finding:
    """The head is told, so that somebody can note it down elsewhere: who can change every row can change the head too."""
    if found.broken:
        return Finding(
            f"修改记录第 {found.broken} 行{_BROKEN[found.why]}(共 {found.entries} 行),请从备份里查", bad=True
        )
    return Finding(f"修改记录 {found.entries} 行,一环扣一环(末尾 {found.head[:12]})")


_NAMED = 5
"""Of numbers that went astray; the rest are counted."""


def _of_roll_ups(astray: Sequence[Astray]) -> Finding:
    if not astray:
        return Finding("汇总的数和下级对得上")
    named = "、".join(f"KR{one.kr_id} 是 {one.kept},该是 {one.computed}" for one in astray[:_NAMED])
    return Finding(f"{len(astray)} 个汇总的数和下级对不上:{named}", bad=True)


_LATELY = timedelta(days=7)


def _of_jobs(missed: Sequence[Run], settings: Settings) -> Finding:
    """What nobody ran for, or what broke; it is no error of the configuration."""
    last = missed[0]
    when = f"{last.due.astimezone(settings.company.zone):%m月%d日 %H:%M}"
    what = "停机错过,没有补" if last.state == SKIPPED else f"出错({last.outcome})"
    return Finding(
        f"近 7 天有 {len(missed)} 次定时任务没跑成,最近一次 {last.name} {when} {what};见 okrbot jobs list",
        warning=True,
    )


async def _platforms(settings: Settings) -> AsyncIterator[Finding]:
    from bot.credentials import try_credentials, try_directories

    async for name, problem in try_credentials(settings):
        yield Finding(f"{name}凭证能用" if not problem else f"{name}:{problem}", bad=bool(problem))
    async for name, problem, seen in try_directories(settings):
        yield Finding(f"{name}通讯录{problem or seen}", warning=bool(problem))


async def _sources(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    """Each system that business data are fetched from, read once; nothing is kept."""
    from bot.sources.pull import probe

    policy = policy_of(settings)
    for source in settings.sources:
        problem = await probe(source, now, policy)
        yield Finding(
            f"数据源「{source.name}」{'读得到,字段都在' if not problem else f':{problem}'}", bad=bool(problem)
        )
