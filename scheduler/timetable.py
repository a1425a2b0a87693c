"""When what is due. APScheduler is the alarm clock and nothing more: what counts is the row of the run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from okr.policy import Policy
from okr.pulling import PullFailed
from scheduler import budget, day_opening, digest, followed, leaving, slots
from scheduler.housekeeping import (
    calendar_years,
    close_cycles,
    erase_leavers,
    expire_requests,
    forget_files,
    forget_heard,
    keep_mechanisms,
    open_cycle,
    turn_figures,
)
from scheduler.jobs import Job, Work
from scheduler.reminders import WATCHES
from scheduler.slots import Slot
from scheduler.watching import job_of
from storage import job_runs
from storage.database import Database
from storage.job_runs import Claim, Run
from storage.session import Session

log = structlog.get_logger(__name__)

JOBS: tuple[Job, ...] = (
    open_cycle.JOB,
    keep_mechanisms.JOB,
    close_cycles.JOB,
    forget_heard.JOB,
    forget_files.JOB,
    erase_leavers.JOB,
    expire_requests.JOB,
    calendar_years.JOB,
    leaving.JOB,
    budget.JOB,
    turn_figures.JOB,
    digest.JOB,
    followed.JOB,
    day_opening.JOB,
    *map(job_of, WATCHES),
)
LOOK = 20.0
"""Seconds between two looks at the clock, which in the sandbox may have been wound."""
PUNCTUAL = timedelta(minutes=5)
"""Begun later than this it is made up for, and the ledger says so."""
AGAIN = timedelta(minutes=5)
"""So long after a failure it is tried again."""
RECENTLY = timedelta(days=2)
"""Most jobs fell due within it: looking further back goes through every moment since then."""
REMEMBERED = timedelta(days=35)
"""So far back a moment that was missed is looked for."""
MOST_SKIPPED = 100
"""Rows of moments that nobody was there for: a job of every half hour does not fill the ledger."""


class UnknownJob(Exception):
    """There is no job of this name; `known` are those there are."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name)
        self.known = tuple(known)


class Timetable:
    """Runs what falls due, and what was missed while nobody ran, each moment once in the whole company."""

    def __init__(
        self,
        database: Database,
        policy: Callable[[], Policy],
        clock: Callable[[], datetime],
        jobs: Sequence[Job] = JOBS,
        again: timedelta = AGAIN,
    ) -> None:
        self._database = database
        self._policy = policy
        self._now = clock
        self._jobs: Mapping[str, Job] = {job.name: job for job in jobs}
        self._again = again
        self._dealt_with: dict[str, datetime] = {}
        """Of each job the newest moment that is in the ledger for good, so that a look need not ask."""
        self._falls: dict[str, tuple[Slot, ...]] = {}
        self._moved_at: dict[str, datetime] = {}
        """When the company moved a job: what it would have been before is not missed."""

    @property
    def jobs(self) -> tuple[Job, ...]:
        return tuple(self._jobs.values())

    async def run(self) -> None:
        """Look again and again until cancelled. Only one replica does at a time: what another left unfinished is begun anew."""
        await self.begin()
        while True:
            await self.catch_up()
            await asyncio.sleep(LOOK)

    async def begin(self) -> None:
        """Take over from whoever had these jobs before."""
        self._dealt_with.clear()
        await self._database.transact(partial(job_runs.forget_unfinished, names=sorted(self._jobs)))

    async def catch_up(self) -> None:
        """Run every job whose last due moment nobody has taken yet, and note the moments that are lost."""
        policy = self._policy()
        now = self._now().astimezone(policy.zone)
        fresh = [(job, due) for job in self.jobs if (due := self._due(job, now, policy)) is not None]
        if not fresh:
            return
        ledger = await self._database.read(partial(job_runs.last_until, until=now))
        for job, due in fresh:
            last = ledger.get(job.name)
            if last is not None and (last.due > due or (last.due == due and last.is_over)):
                self._dealt_with[job.name] = due
                continue
            await self._note_missed(job, last, due, now, policy)
            if due > now - job.grace:
                await self._try(job, due)
            else:
                self._dealt_with[job.name] = due

    def _due(self, job: Job, now: datetime, policy: Policy) -> datetime | None:
        """The last moment it fell due, also where its grace has passed; None where that is dealt with."""
        falls = job.slots_of(policy)
        if falls != self._falls.setdefault(job.name, falls):
            self._falls[job.name], self._moved_at[job.name] = falls, now
        for span in (job.grace, RECENTLY, REMEMBERED):
            found = slots.last_before(falls, now, span, policy.zone, policy.calendar)
            if found is not None:
                return None if found == self._dealt_with.get(job.name) else found
        return None

    async def _try(self, job: Job, due: datetime) -> None:
        try:
            outcome = await self.run_job(job.name, due)
        except Exception:  # noqa: BLE001  # it is logged and in the ledger, and hinders no other
            return
        if outcome is not None:
            self._dealt_with[job.name] = due

    async def _note_missed(
        self, job: Job, last: Run | None, due: datetime, now: datetime, policy: Policy
    ) -> None:
        """Write down the moments since the last run that nobody makes up for any more."""
        if last is None:
            return
        since = max(last.due, self._moved_at.get(job.name, last.due))
        lost = slots.between(job.slots_of(policy), since, due, policy.zone, policy.calendar)
        if since < due <= now - job.grace:
            lost.append(due)
        if lost:
            log.warning("job_skipped", job=job.name, moments=len(lost), last=lost[-1].isoformat())
            await self._database.transact(
                partial(job_runs.skip, name=job.name, moments=lost[-MOST_SKIPPED:], now=now)
            )

    async def run_job(self, name: str, due: datetime) -> str | None:
        """Run one job for one moment; None where that moment has been dealt with. Raises UnknownJob, and what the job raises."""
        job = self._jobs.get(name)
        if job is None:
            raise UnknownJob(name, list(self._jobs))
        now, policy = self._now(), self._policy()
        claim = Claim(name, due, now, now - self._again)
        try:
            if job.work is not None:
                outcome = await self._in_steps(claim, job.work, policy)
            else:
                outcome = await self._database.transact(
                    partial(_at_once, job=job, claim=claim, policy=policy)
                )
        except Exception as error:
            if isinstance(error, PullFailed):  # another system is unwell, nothing in here is
                log.warning("job_failed", job=name, due=due.isoformat(), reason=str(error))
            else:
                log.exception("job_failed", job=name, due=due.isoformat())
            await self._database.transact(partial(job_runs.fail, claim=claim, reason=_said(error)))
            raise
        if outcome is not None:
            log.info("job_done", job=name, due=due.isoformat(), outcome=outcome)
        return outcome

    async def _in_steps(self, claim: Claim, work: Work, policy: Policy) -> str | None:
        """The claim first, so that no other replica begins it, too; who is cancelled gives it back."""
        if not await self._database.transact(partial(job_runs.claim, claim=claim)):
            return None
        try:
            outcome = await work(self._database, claim.due, policy)
        except asyncio.CancelledError:
            await self._database.transact(partial(job_runs.give_back, claim=claim))
            raise
        await self._database.transact(
            partial(job_runs.finish, claim=claim, state=_state(claim), outcome=outcome)
        )
        return outcome


async def _at_once(session: Session, job: Job, claim: Claim, policy: Policy) -> str | None:
    """The claim, the work and the note that it was done, in one transaction."""
    assert job.run is not None
    if not await job_runs.claim(session, claim):
        return None
    outcome = await job.run(session, claim.due, policy)
    await job_runs.finish(session, claim, _state(claim), outcome)
    return outcome


def _state(claim: Claim) -> str:
    return job_runs.LATE if claim.now - claim.due > PUNCTUAL else job_runs.DONE


def _said(error: Exception) -> str:
    """For the ledger: what kind of mistake; its words may quote what people wrote."""
    return type(error).__name__
