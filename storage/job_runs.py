"""The ledger of scheduled jobs: one row for each moment a job fell due, which is also the claim on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.session import Row, Session, moment, moment_or_none

RUNNING, DONE, LATE, SKIPPED, FAILED = "running", "done", "late", "skipped", "failed"
"""Late: made up for within its grace. Skipped: nobody ran, and its grace has passed or a later moment counts."""
ABANDONED = timedelta(hours=1)
"""Who has not finished after so long is taken for dead."""

_COLUMNS = "r.name, r.due, r.started_at, r.finished_at, r.outcome, r.state"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who takes the run of a job for a moment; one that failed before `failed_before` may be taken anew."""

    name: str
    due: datetime
    now: datetime
    failed_before: datetime


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    due: datetime
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    state: str = DONE

    @property
    def is_over(self) -> bool:
        return self.state in (DONE, LATE, SKIPPED)


async def claim(session: Session, claim: Claim) -> bool:
    """Take a run; false where it has been taken before, by whomever."""
    return (
        await session.run(
            "INSERT INTO job_runs (name, due, started_at, outcome, state) VALUES (?, ?, ?, '', 'running')"
            " ON CONFLICT (name, due) DO UPDATE SET started_at = excluded.started_at, state = 'running', outcome = ''"
            " WHERE (job_runs.state = 'failed' AND job_runs.started_at <= ?)"
            " OR (job_runs.state = 'running' AND job_runs.started_at <= ?)",
            claim.name,
            claim.due,
            claim.now,
            claim.failed_before,
            claim.now - ABANDONED,
        )
        > 0
    )


async def goes_on(session: Session, name: str, lived: timedelta) -> None:
    """Let what runs count as begun later by so much, so that nobody takes it for dead."""
    for row in await session.all(
        "SELECT id, started_at FROM job_runs WHERE name = ? AND state = 'running'", name
    ):
        await session.run("UPDATE job_runs SET started_at = ? WHERE id = ?", moment(row[1]) + lived, row[0])


async def finish(session: Session, claim: Claim, state: str, outcome: str) -> None:
    await session.run(
        "UPDATE job_runs SET finished_at = ?, outcome = ?, state = ? WHERE name = ? AND due = ?",
        claim.now,
        outcome,
        state,
        claim.name,
        claim.due,
    )


async def fail(session: Session, claim: Claim, reason: str) -> None:
    """Note that a run broke, so that it is tried again after a while and can be seen meanwhile."""
    await session.run(
        "INSERT INTO job_runs (name, due, started_at, finished_at, outcome, state) VALUES (?, ?, ?, ?, ?, 'failed')"
        " ON CONFLICT (name, due) DO UPDATE SET started_at = excluded.started_at, finished_at = excluded.finished_at,"
        " outcome = excluded.outcome, state = 'failed' WHERE job_runs.state IN ('running', 'failed')",
        claim.name,
        claim.due,
        claim.now,
        claim.now,
        reason,
    )


async def skip(session: Session, name: str, moments: Sequence[datetime], now: datetime) -> None:
    """Note moments that nobody was there for and that are not made up for."""
    for due in moments:
        await session.run(
            "INSERT INTO job_runs (name, due, started_at, finished_at, outcome, state) VALUES (?, ?, ?, ?, '', 'skipped')"
            " ON CONFLICT (name, due) DO NOTHING",
            name,
            due,
            now,
            now,
        )


async def give_back(session: Session, claim: Claim) -> None:
    """Undo a claim, so that the run is begun anew."""
    await session.run("DELETE FROM job_runs WHERE name = ? AND due = ?", claim.name, claim.due)


async def forget_unfinished(session: Session, names: Collection[str]) -> int:
    """Undo the claims on these of whoever died before the end. Only for the one that holds their timetable."""
    return await session.run(
        f"DELETE FROM job_runs WHERE state = 'running' AND name IN ({', '.join('?' * len(names)) or 'NULL'})",
        *names,
    )


async def forget_before(session: Session, due: datetime) -> int:
    """Forget runs of long ago."""
    return await session.run("DELETE FROM job_runs WHERE due < ?", due)


async def last(session: Session) -> dict[str, Run]:
    """The newest run of each job."""
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM job_runs r WHERE r.due = (SELECT max(m.due) FROM job_runs m WHERE m.name = r.name)"
    )
    return {row[0]: _run(row) for row in rows}


async def last_until(session: Session, until: datetime) -> dict[str, Run]:
    """The newest run of each job for a moment that has come: by hand they are run for later ones, too."""
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM job_runs r JOIN (SELECT name, max(due) AS due FROM job_runs WHERE due <= ?"
        " GROUP BY name) m ON m.name = r.name AND m.due = r.due",
        until,
    )
    return {row[0]: _run(row) for row in rows}


async def missed(session: Session, since: datetime) -> list[Run]:
    """What has been skipped or failed since a moment, the newest first."""
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM job_runs r WHERE r.due >= ? AND r.state IN ('skipped', 'failed') ORDER BY r.due DESC",
        since,
    )
    return [_run(row) for row in rows]


def _run(row: Row) -> Run:
    return Run(row[0], moment(row[1]), moment(row[2]), moment_or_none(row[3]), row[4], row[5])
