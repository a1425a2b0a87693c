"""The ledger of scheduled jobs: one row for each moment a job fell due, which is also the claim on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.session import Session, moment, moment_or_none


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    due: datetime
    started_at: datetime
    finished_at: datetime | None
    outcome: str


async def claim(session: Session, name: str, due: datetime, now: datetime) -> bool:
    """Take a run; false where it has been taken before, by whomever."""
    return (
        await session.run(
            "INSERT INTO job_runs (name, due, started_at, outcome) VALUES (?, ?, ?, '') ON CONFLICT (name, due) DO NOTHING",
            name,
            due,
            now,
        )
        > 0
    )


async def finish(session: Session, name: str, due: datetime, now: datetime, outcome: str) -> None:
    await session.run(
        "UPDATE job_runs SET finished_at = ?, outcome = ? WHERE name = ? AND due = ?", now, outcome, name, due
    )


async def give_back(session: Session, name: str, due: datetime) -> None:
    """Undo a claim, so that the run is begun anew."""
    await session.run("DELETE FROM job_runs WHERE name = ? AND due = ?", name, due)


async def forget_unfinished(session: Session) -> int:
    """Undo the claims of whoever died before the end. Only for the one that holds the timetable."""
    return await session.run("DELETE FROM job_runs WHERE finished_at IS NULL")


async def last(session: Session) -> dict[str, Run]:
    """The newest run of each job."""
    rows = await session.all(
        "SELECT r.name, r.due, r.started_at, r.finished_at, r.outcome FROM job_runs r"
        " WHERE r.due = (SELECT max(m.due) FROM job_runs m WHERE m.name = r.name)"
    )
    return {
        row[0]: Run(row[0], moment(row[1]), moment(row[2]), moment_or_none(row[3]), row[4]) for row in rows
    }
