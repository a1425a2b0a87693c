"""When what is due. APScheduler is the alarm clock and nothing more: what counts is the row of the run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial

import structlog
from apscheduler.triggers.cron import CronTrigger

from okr.policy import Policy
from scheduler import digest
from scheduler.housekeeping import (
    close_cycles,
    erase_leavers,
    expire_requests,
    forget_files,
    forget_heard,
    open_cycle,
)
from scheduler.jobs import Job, Work
from scheduler.reminders import WATCHES
from scheduler.watching import job_of
from storage import job_runs
from storage.database import Database
from storage.session import Session

log = structlog.get_logger(__name__)

JOBS: tuple[Job, ...] = (
    open_cycle.JOB,
    close_cycles.JOB,
    forget_heard.JOB,
    forget_files.JOB,
    erase_leavers.JOB,
    expire_requests.JOB,
    digest.JOB,
    *map(job_of, WATCHES),
)
LOOK = 20.0
"""Seconds between two looks at the clock, which in the sandbox may have been wound."""


class UnknownJob(Exception):
    """There is no job of this name; `known` are those there are."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name)
        self.known = tuple(known)


def next_after(job: Job, moment: datetime, zone: tzinfo) -> datetime:
    """The first moment after `moment` at which the job falls due."""
    trigger = CronTrigger.from_crontab(job.cron, timezone=zone)
    due: datetime | None = trigger.get_next_fire_time(moment, moment + timedelta(microseconds=1))
    assert due is not None, "our crontabs have no end"
    return due


def last_before(job: Job, moment: datetime, zone: tzinfo) -> datetime | None:
    """The last moment up to `moment`, within the grace, at which the job fell due."""
    due, found = moment - job.grace, None
    while (due := next_after(job, due, zone)) <= moment:
        found = due
    return found


class Timetable:
    """Runs what falls due, and what was missed while nobody ran, each moment once in the whole company."""

    def __init__(
        self,
        database: Database,
        policy: Callable[[], Policy],
        clock: Callable[[], datetime],
        jobs: Sequence[Job] = JOBS,
    ) -> None:
        self._database = database
        self._policy = policy
        self._now = clock
        self._jobs: Mapping[str, Job] = {job.name: job for job in jobs}

    @property
    def jobs(self) -> tuple[Job, ...]:
        return tuple(self._jobs.values())

    async def run(self) -> None:
        """Look again and again until cancelled. Only one replica does at a time: what another left unfinished is begun anew."""
        await self._database.transact(job_runs.forget_unfinished)
        while True:
            await self.catch_up()
            await asyncio.sleep(LOOK)

    async def catch_up(self) -> None:
        """Run every job whose last due moment nobody has taken yet."""
        now, zone = self._now(), self._policy().zone
        for job in self.jobs:
            due = last_before(job, now.astimezone(zone), zone)
            if due is not None:
                await self.run_job(job.name, due)

    async def run_job(self, name: str, due: datetime) -> str | None:
        """Run one job for one moment; None where that moment has been dealt with. Raises UnknownJob."""
        job = self._jobs.get(name)
        if job is None:
            raise UnknownJob(name, list(self._jobs))
        now, policy = self._now(), self._policy()
        try:
            if job.work is not None:
                outcome = await self._in_steps(job, job.work, due, now, policy)
            else:
                outcome = await self._database.transact(
                    partial(_at_once, job=job, due=due, now=now, policy=policy)
                )
        except Exception:
            log.exception("job_failed", job=name, due=due.isoformat())
            return None
        if outcome is not None:
            log.info("job_done", job=name, due=due.isoformat(), outcome=outcome)
        return outcome

    async def _in_steps(
        self, job: Job, work: Work, due: datetime, now: datetime, policy: Policy
    ) -> str | None:
        """The claim first, so that no other replica begins it, too; a failure gives it back."""
        if not await self._database.transact(lambda session: job_runs.claim(session, job.name, due, now)):
            return None
        try:
            outcome = await work(self._database, due, policy)
        except BaseException:
            await self._database.transact(lambda session: job_runs.give_back(session, job.name, due))
            raise
        await self._database.transact(lambda session: job_runs.finish(session, job.name, due, now, outcome))
        return outcome


async def _at_once(session: Session, job: Job, due: datetime, now: datetime, policy: Policy) -> str | None:
    """The claim, the work and the note that it was done, in one transaction."""
    assert job.run is not None
    if not await job_runs.claim(session, job.name, due, now):
        return None
    outcome = await job.run(session, due, policy)
    await job_runs.finish(session, job.name, due, now, outcome)
    return outcome
