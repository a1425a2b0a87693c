"""Fetching every source when it is due, or when somebody asks for it: each in a task of its own.

One that hangs holds nobody up; of several replicas one does it, and a run is claimed in the ledger of jobs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.clock import Clock
from bot.sources.pull import job_name, pull
from cards.data_sources import pulled_card
from chat.answers import Letter, Urgency
from config.sources import DataSource
from okr.policy import Policy
from okr.pulling import PullFailed
from scheduler.jobs import Job
from scheduler.slots import Slot
from scheduler.timetable import Timetable
from storage import letters, sources
from storage.database import Database
from storage.session import Session

log = structlog.get_logger(__name__)

LOOK = 2.0
"""Seconds between two looks at the sources, and at who has asked for one."""
TICK = 5.0
"""Seconds between two looks at the clock."""
GRACE = timedelta(hours=12)
AGAIN = timedelta(minutes=20)
"""So long after a failure it is tried again: a wrong password tried every minute locks an account."""


def job_of(source: DataSource) -> Job:
    """Fetching it, as a job: `okrbot jobs run pull:NAME`."""

    async def work(database: Database, due: datetime, policy: Policy) -> str:
        return str(await pull(database, source, due, policy))

    slots = tuple(Slot(cron, str(place) if place else "") for place, cron in enumerate(source.crons))
    return Job(job_name(source.name), slots, f"从「{source.name}」拉业务数据", work=work, grace=GRACE)


def pulls_of(sources_: Sequence[DataSource]) -> tuple[Job, ...]:
    return tuple(map(job_of, sources_))


class Pulling:
    """`sources` and `policy` give what is in force at the moment; `posted` is called when letters were written."""

    def __init__(
        self,
        database: Database,
        sources_: Callable[[], Sequence[DataSource]],
        policy: Callable[[], Policy],
        clock: Clock,
        posted: Callable[[], None],
    ) -> None:
        self._database = database
        self._sources = sources_
        self._policy = policy
        self._now = clock
        self._posted = posted
        self._tasks: dict[str, tuple[DataSource, asyncio.Task[None]]] = {}
        self._asked: dict[str, asyncio.Event] = {}

    def wake(self) -> None:
        """The clock has been set: look at it now."""
        for asked in self._asked.values():
            asked.set()

    async def run(self) -> None:
        """Look after the sources until cancelled; what bot.yaml says anew begins anew."""
        try:
            while True:
                await self._settle()
                for name in await self._database.read(sources.asked_for) if self._tasks else ():
                    if name in self._asked:
                        self._asked[name].set()
                await asyncio.sleep(LOOK)
        finally:
            await self._end(*self._tasks)

    async def _settle(self) -> None:
        wanted = {source.name: source for source in self._sources()}
        await self._end(
            *(
                name
                for name, (source, task) in self._tasks.items()
                if wanted.get(name) != source or task.done()
            )
        )
        for name, source in wanted.items():
            if name not in self._tasks:
                self._asked[name] = asyncio.Event()
                self._tasks[name] = source, asyncio.create_task(self._look_after(source), name=job_name(name))

    async def _end(self, *names: str) -> None:
        ending = [self._tasks.pop(name)[1] for name in names]
        for task in ending:
            task.cancel()
        for done in await asyncio.gather(*ending, return_exceptions=True):
            if isinstance(done, Exception):
                log.error("pulling_broke", error=type(done).__name__)

    async def _look_after(self, source: DataSource) -> None:
        timetable = Timetable(self._database, self._policy, self._now, (job_of(source),), again=AGAIN)
        asked = self._asked[source.name]
        await timetable.begin()
        while True:
            await timetable.catch_up()
            try:
                async with asyncio.timeout(TICK):
                    await asked.wait()
            except TimeoutError:
                continue
            asked.clear()
            await self._once_more(source)

    async def _once_more(self, source: DataSource) -> None:
        """Somebody waits for it, and is told how it went."""
        now = self._now()
        waiting = (await self._database.read(sources.asked_for)).get(source.name)
        if waiting is None:
            return
        said, trouble = "", ""
        try:
            said = str(await pull(self._database, source, now, self._policy()))
        except PullFailed as failed:
            trouble = str(failed)
        await self._database.transact(
            partial(_tell, source=source.name, asked=waiting, trouble=trouble, now=now)
        )
        log.info("pulled_once_more", source=source.name, outcome=said or trouble)
        self._posted()


async def _tell(
    session: Session, source: str, asked: tuple[datetime, int], trouble: str, now: datetime
) -> None:
    if not await sources.answered(session, source):
        return
    since, person = asked
    known = (await sources.everything(session, source))[0]
    card = pulled_card(source, trouble=trouble, unmapped=known.unmapped, example=known.example)
    await letters.post(
        session, Letter(person, card, f"pulled:{source}:{since.isoformat()}:{person}", Urgency.ANSWER), now
    )
