"""okrbot jobs: what the bot does unasked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bot.cli.options import Failed, config_option, database_of, in_force, run_async, settings_from
from bot.jobs import jobs_of
from bot.sources.pulling import pulls_of
from config.policy import policy_of
from config.settings import Settings
from okr.policy import Policy
from okr.pulling import PullFailed
from scheduler.jobs import Job
from scheduler.slots import next_after
from scheduler.timetable import Timetable, UnknownJob
from storage import job_runs
from storage.job_runs import Run

_STATES = {
    job_runs.RUNNING: "在跑",
    job_runs.DONE: "做完了",
    job_runs.LATE: "补做的",
    job_runs.SKIPPED: "停机错过,没有补",
    job_runs.FAILED: "出错了",
}


def _all(settings: Settings) -> tuple[Job, ...]:
    return (*jobs_of(lambda: settings), *pulls_of(settings.sources))


@click.group()
def jobs() -> None:
    """定时任务。"""


@jobs.command("list")
@config_option
def list_(config_file: Path | None) -> None:
    """一行一个:名字、上次(和结果)、下次、做什么。"""
    settings = settings_from(config_file)
    zone = settings.company.zone

    async def work() -> tuple[Timetable, Policy, dict[str, Run]]:
        async with database_of(settings) as database:
            policy = policy_of(await in_force(settings, database))
            timetable = Timetable(database, lambda: policy, lambda: datetime.now(UTC), _all(settings))
            return timetable, policy, await database.read(job_runs.last)

    timetable, policy, last = run_async(work())
    now = datetime.now(zone)
    for job in timetable.jobs:
        ran = last.get(job.name)
        before = f"{ran.due.astimezone(zone):%Y-%m-%d %H:%M} {_STATES[ran.state]}" if ran else "-"
        due = next_after(job.slots_of(policy), now, zone, policy.calendar)
        click.echo(f"{job.name}\t上次 {before}\t下次 {due:%Y-%m-%d %H:%M}\t{job.does}")


@jobs.command()
@click.argument("name")
@click.option(
    "--at",
    "at",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
    help="当作这个时刻",
)
@config_option
def run(config_file: Path | None, name: str, at: datetime | None) -> None:
    """像在那个时刻一样运行一个任务,写出的消息也按那个时刻判断和发送;同一时刻第二次什么都不做。"""
    settings = settings_from(config_file)
    zone = settings.company.zone
    due = (at.replace(tzinfo=zone) if at else datetime.now(zone).replace(microsecond=0)).astimezone(UTC)

    async def work() -> str | None:
        async with database_of(settings, judged_as_posted=at is not None) as database:
            policy = policy_of(await in_force(settings, database))
            timetable = Timetable(database, lambda: policy, lambda: due, _all(settings), again=timedelta())
            return await timetable.run_job(name, due)

    try:
        outcome = run_async(work())
    except UnknownJob as unknown:
        raise Failed(f"没有叫 {name} 的任务,有:{', '.join(unknown.known)}") from None
    except Failed:
        raise
    except PullFailed as failed:
        raise Failed(f"{name} 没有拉到:{failed}") from None
    except Exception as error:
        raise Failed(f"{name} 出错了:{type(error).__name__} {error}".strip()) from error
    click.echo(f"{name}: {outcome}" if outcome is not None else f"{name}: 这个时刻已经运行过了,什么都没做")
