"""python -m tests.quarter [--people 200] [--days 92] [--seed N] [--database sqlite|postgres] [--kills N]

With kills the same days are lived a second time, on PostgreSQL by two replicas, and the tallies are compared.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from tests.crash.__main__ import database_for
from tests.quarter.days import Plan, Stuck, live
from tests.quarter.verdict import Verdict, judge

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
MOST_FINDINGS = 20


def main() -> int:
    asked = _arguments()
    first = date.fromisoformat(asked.first)
    plan = Plan(asked.people, first, min(asked.days, (LAST - first + timedelta(days=1)).days), asked.seed)
    _tell(f"seed {plan.seed}, {plan.people} people, {plan.days} days from {plan.first}, {asked.database}")
    try:
        calm = _lived(plan, asked.database)
        good = _print(calm)
        if asked.kills:
            replicas = 2 if asked.database == "postgres" else 1
            wild = _lived(replace(plan, replicas=replicas, kills=asked.kills), asked.database)
            _tell(f"the same with {replicas} replicas and {asked.kills} kills")
            good = _print(wild) and wild.tally == calm.tally and good
            if wild.tally != calm.tally:
                _tell("the tallies differ")
    except Stuck as stuck:
        _tell(str(stuck))
        return 1
    return 0 if good else 1


def _lived(plan: Plan, engine: str) -> Verdict:
    with (
        tempfile.TemporaryDirectory(prefix="okrbot-quarter-") as folder,
        database_for(engine, Path(folder)) as url,
    ):
        return judge(asyncio.run(live(plan, url, Path(folder), _tell)), FIRST, LAST)


def _print(verdict: Verdict) -> bool:
    for reminder, count in verdict.tally.items():
        sys.stdout.write(f"{reminder} {count}\n")
    sys.stdout.write(f"{sum(verdict.tally.values())} letters unasked, {len(verdict.findings)} findings\n")
    for finding in verdict.findings[:MOST_FINDINGS]:
        _tell(finding)
    return verdict.holds


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quarter", description="Live through a quarter.")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--first", default=FIRST.isoformat())
    parser.add_argument("--days", type=int, default=92)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
