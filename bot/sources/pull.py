"""One source fetched once: read a portion at a time, so that ten million points need no more memory than ten thousand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.intake import Intake
from bot.sources import folder, http
from bot.sources.mapping import Mapped
from bot.sources.moments import values_of
from config.sources import DataSource, Folder
from okr.cycle import quarter_of
from okr.policy import Policy
from okr.pulling import PullFailed, Trouble
from storage import foreign, job_runs, people, sources, units
from storage.database import Database
from storage.ingesting import Delivery, Outcome
from storage.sources import Source

log = structlog.get_logger(__name__)

PORTION = 5_000
"""Raw points that are taken in together, of however many pages: what follows them is moved once for all of them."""
BREATH = 200
LONGEST = 6 * 3600.0
"""Seconds of a whole fetch: ten million points take one of them beside a lively chat. A portion has its own limit."""
SHOWS = 60.0
"""Seconds after which it is shown again that a fetch goes on: after an hour another replica would take us for dead."""
TOLD = 1000


@dataclass(slots=True)
class Brought:
    """What a pull has brought so far."""

    outcome: Outcome = field(default_factory=Outcome)
    rejected: int = 0

    def add(self, other: Outcome) -> None:
        self.rejected += len(other.rejected)
        self.outcome.accepted += other.accepted
        self.outcome.duplicates += other.duplicates
        self.outcome.rejected = [*self.outcome.rejected, *other.rejected][-TOLD:]

    def __str__(self) -> str:
        one = self.outcome
        return f"{one.accepted} new, {one.duplicates} known, {self.rejected} rejected"


def job_name(source: str) -> str:
    """Its job, in the ledger."""
    return f"pull:{source}"


async def pull(database: Database, source: DataSource, now: datetime, policy: Policy) -> Brought:
    """Fetch what is new and keep it; how it went is kept with the source. Raises PullFailed.

    What was kept before it failed stays: the next pull finds it known.
    """
    try:
        async with asyncio.timeout(LONGEST):
            brought = await _pull(database, source, now, policy)
    except PullFailed as failed:
        await _note(database, source, failed.trouble, now)
        raise
    except TimeoutError:
        await _note(database, source, Trouble.TIMEOUT, now)
        raise PullFailed(Trouble.TIMEOUT) from None
    except Exception as error:  # noqa: BLE001  # its words may hold secrets: the kind of it is all that is told
        log.error("pull_broke", source=source.name, error=type(error).__name__)  # noqa: TRY400  # for the same reason
        await _note(database, source, Trouble.OTHER, now)
        raise PullFailed(Trouble.OTHER, type(error).__name__) from None
    log.info("pulled", source=source.name, accepted=brought.outcome.accepted, rejected=brought.rejected)
    return brought


async def _note(database: Database, source: DataSource, trouble: Trouble, now: datetime) -> None:
    log.warning("pull_failed", source=source.name, trouble=str(trouble))
    await database.transact(lambda session: sources.failed(session, source.name, str(trouble), now))


async def _pull(database: Database, source: DataSource, now: datetime, policy: Policy) -> Brought:
    known = await database.transact(partial(sources.begin, name=source.name))
    by_name = await database.read(people.numbers_by_name)
    mapped = Mapped(source, by_name)
    delivery = Delivery(source.name, now, policy.zone, policy.metrics, await database.read(units.known))
    taking = _Taking(database, source, mapped, delivery)
    if source.folder is not None:
        await _files(database, source.folder, known, taking, _meaning(source, by_name, delivery))
    else:
        await database.transact(partial(sources.count_anew, source_id=known.id))
        await taking.take_all(_read(source, _since(source, known, now, policy), now.astimezone(policy.zone)))
    await database.transact(partial(sources.succeeded, source_id=known.id, at=now))
    return taking.brought


def _since(source: DataSource, known: Source, now: datetime, policy: Policy) -> datetime:
    """From where on: some days before the newest of the last whole fetch; from the quarter's beginning the first time.

    One that broke off may have brought the newest first.
    """
    local = now.astimezone(policy.zone)
    if known.reached_at is None:
        first = quarter_of(local.date()).start
        return datetime(first.year, first.month, first.day, tzinfo=policy.zone)
    return min(known.reached_at.astimezone(policy.zone), local) - timedelta(days=source.look_back_days)


def _read(source: DataSource, since: datetime, now: datetime) -> AsyncGenerator[Sequence[Any], None]:
    values = values_of(since, now)
    if source.http is not None:
        return http.pages(source.http, values, source.timeout)
    assert source.sql is not None
    return foreign.rows(source.sql.dsn.get_secret_value(), source.sql.query, values, source.timeout)


def _meaning(source: DataSource, by_name: Mapping[str, str], delivery: Delivery) -> str:
    """Whatever decides what the rows of a file are taken for."""
    said = source.model_dump_json(include={"fields", "units", "people", "metrics"})
    return "\n".join([said, repr(sorted(by_name.items())), *delivery.units.paths, *sorted(delivery.metrics)])


async def _files(database: Database, watched: Folder, known: Source, taking: _Taking, meaning: str) -> None:
    """Each file that is new, and each of which something could not be taken and now perhaps can.

    One that cannot be read holds up no other. Raises PullFailed in the end.
    """
    before = await database.read(partial(sources.read_files, source_id=known.id))
    look = await folder.look(watched.path, watched.pattern, before, meaning)
    if not look.wanting:
        await database.transact(partial(sources.count_anew, source_id=known.id))
    failed: PullFailed | None = None
    for found in look.fresh:
        rejected = taking.brought.rejected
        try:
            await taking.take_all(folder.records(found.path, taking.source.timeout))
        except PullFailed as this:
            failed = failed or this
            continue
        await database.transact(
            partial(
                sources.note_file,
                source_id=known.id,
                digest=found.digest if taking.brought.rejected == rejected else found.in_part,
                name=found.path.name,
                at=taking.delivery.at,
            )
        )
    if failed is not None:
        raise failed


class _Taking:
    """Records of a source on their way into the database."""

    def __init__(self, database: Database, source: DataSource, mapped: Mapped, delivery: Delivery) -> None:
        self.source, self.delivery, self.brought = source, delivery, Brought()
        self._database, self._mapped = database, mapped
        self._intake = Intake(database)
        self._seen_at = asyncio.get_running_loop().time()

    async def take_all(self, reading: AsyncGenerator[Sequence[Any], None]) -> None:
        """Portions of one reading, or of one file. Raises PullFailed, after what was read before has been kept."""
        points: list[Any] = []
        try:
            async with aclosing(reading):
                async for some in self._points_of(reading):
                    points += some
                    if len(points) >= PORTION:
                        await self._keep(points)
                        points = []
        except PullFailed:
            await self._keep(points)
            raise
        await self._keep(points)

    async def _points_of(self, reading: AsyncGenerator[Sequence[Any], None]) -> AsyncIterator[list[Any]]:
        begun = False
        async for records in reading:
            if not begun or self.source.folder is None:
                self._require_shape(records)
            begun = True
            for first in range(0, len(records), BREATH):
                some = records[first : first + BREATH]
                yield [point for record in some for point in self._mapped.points(record)]
                await self._intake.breathe()

    def _require_shape(self, records: Sequence[Any]) -> None:
        """Raises PullFailed where none of the records is what bot.yaml describes."""
        if records and not any(self._mapped.has_shape(record) for record in records):
            raise PullFailed(Trouble.SHAPE)

    async def _keep(self, points: Sequence[Any]) -> None:
        if points:
            self.brought.add(await self._intake.take(points, self.delivery, blame=True))
        now = asyncio.get_running_loop().time()
        if now - self._seen_at >= SHOWS:
            lived, self._seen_at = timedelta(seconds=now - self._seen_at), now
            name = job_name(self.source.name)
            await self._database.transact(partial(job_runs.goes_on, name=name, lived=lived))


async def probe(source: DataSource, now: datetime, policy: Policy) -> str:
    """Read the first portion and keep nothing; the problem in words, empty where there is none."""
    mapped = Mapped(source, {})
    try:
        async with asyncio.timeout(source.timeout * 2):
            records = await _first(source, now.astimezone(policy.zone))
    except PullFailed as failed:
        return str(failed)
    except TimeoutError:
        return Trouble.TIMEOUT.called
    if records and not any(mapped.has_shape(record) for record in records):
        return Trouble.SHAPE.called
    return ""


async def _first(source: DataSource, now: datetime) -> Sequence[Any]:
    reading: AsyncGenerator[Sequence[Any], None]
    if source.folder is not None:
        found = await folder.look(source.folder.path, source.folder.pattern, ())
        if not found.fresh:
            return ()
        reading = folder.records(found.fresh[0].path, source.timeout)
    else:
        reading = _read(source, now - timedelta(days=1), now)
    async with aclosing(reading):
        async for records in reading:
            return records
    return ()
