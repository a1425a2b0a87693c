"""python -m tests.quarter.month [--people 300] [--first 2026-11-01] [--days 30] [--seed 7] [--unlimited]

What a month of a company of 20 stores costs on DingTalk's free edition, sent by the real postman to a make-believe
DingTalk that refuses what is over it. With fewer people the edition shrinks with them. `--unlimited`: what it would cost
if nothing had to be saved, held against what `okrbot check` foretells.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from okr.quota import NAMES, Class, Forecast, Quota, foresee
from okr.reminding import SPEAKING
from scheduler.sending import SHORT
from storage.reminded import DIGEST
from tests.crash.__main__ import database_for
from tests.quarter.company import ZONE
from tests.quarter.days import OTHERS, Month, Plan, Stuck, live
from tests.quarter.evidence import Evidence, Posted

SINCE = date(2026, 10, 1)
WHOLE = 300
STORES = 20
FREE = Quota(5000, 3000, 0.2)
UNLIMITED = Quota(0, 0, 0.2)
TOLERANCE = 0.25
"""By so much what is foretold may be off, of all calls and of all pushes."""
QUOTA_CODES = ("ApiCountLimitForOrg", "90020", "20001")
ALWAYS = (Class.ANSWER, Class.DECISION, Class.COLLABORATION)
FOLDING = (Class.PRAISE, Class.REPORT, Class.WARNING)
"""What waits as the budget runs short, the first to wait first."""


@dataclass(frozen=True, slots=True)
class Bill:
    """`calls` and `pushes` are the bot's own, without other robots'. `wanted`: letters a class had to send."""

    calls: int
    pushes: int
    wanted: Mapping[Class, int]
    sent: Mapping[Class, int]
    folded_on: Mapping[Class, date]
    """The first day on which a class was short of budget."""
    paged_on: date | None
    """The first day on which not even a digest went."""
    findings: tuple[str, ...]


def main() -> int:
    asked = _arguments()
    quota = UNLIMITED if asked.unlimited else _share_of(FREE, asked.people / WHOLE)
    stores = max(1, STORES * asked.people // WHOLE)
    crew = -(-(asked.people - max(2, asked.people // 10)) // stores)
    first = date.fromisoformat(asked.first)
    plan = Plan(asked.people, first, asked.days, asked.seed, month=Month(SINCE, quota, crew))
    try:
        with (
            tempfile.TemporaryDirectory(prefix="okrbot-month-") as folder,
            database_for(asked.database, Path(folder)) as url,
        ):
            evidence = asyncio.run(live(plan, url, Path(folder), _tell))
    except Stuck as stuck:
        _tell(str(stuck))
        return 1
    forecast = foresee(asked.people, SPEAKING)
    bill = bill_of(evidence, quota)
    findings = [
        *bill.findings,
        *(off(forecast, bill, limited=not asked.unlimited) if asked.days >= 28 else ()),
    ]
    _print(evidence, bill, forecast, quota)
    for finding in findings:
        _tell(finding)
    return 1 if findings else 0


def _share_of(quota: Quota, share: float) -> Quota:
    return Quota(round(quota.calls * share), round(quota.pushes * share), quota.reserved)


def bill_of(evidence: Evidence, quota: Quota) -> Bill:
    others = evidence.spent.get(OTHERS, 0)
    calls = evidence.spent["calls"] - others
    pushes = evidence.spent["pushes"] - int(quota.pushes * 0.2)
    wanted, sent = Counter[Class](), Counter[Class]()
    folded_on: dict[Class, date] = {}
    paged: list[date] = []
    for one in evidence.posted:
        day = one.at.astimezone(ZONE).date()
        if one.reminder == DIGEST:
            if one.state == "dropped" and "quota" in one.error:
                paged.append(day)
            continue
        wanted[one.kind] += one.state in {"sent", "folded", "waiting"}
        sent[one.kind] += one.state == "sent"
        if one.state == "folded" and one.error == SHORT:
            folded_on.setdefault(one.kind, day)
    findings = (
        *_over(evidence, calls, pushes, quota),
        *_not_there(evidence.posted),
        *_out_of_turn(evidence.posted),
    )
    return Bill(calls, pushes, wanted, sent, folded_on, min(paged, default=None), findings)


def _over(evidence: Evidence, calls: int, pushes: int, quota: Quota) -> Iterator[str]:
    if quota.calls and calls > quota.usable_calls:
        yield f"{calls} calls, of {quota.usable_calls}"
    if quota.pushes and pushes > quota.usable_pushes:
        yield f"{pushes} pushes, of {quota.usable_pushes}"
    for code, count in Counter(evidence.refused).items():
        if any(known in code for known in QUOTA_CODES):
            yield f"refused {count} times: {code}"
    counted = (evidence.counted.get("calls", 0), evidence.counted.get("pushes", 0))
    if counted != (calls, pushes):
        yield f"DingTalk counted {(calls, pushes)} calls and pushes, the bot {counted}"
    yield from (f"a platform complains: {words}" for words in evidence.complaints)


def _not_there(posted: Sequence[Posted]) -> Iterator[str]:
    """Every approval, answer and request has been brought, unless its point was gone or it came at the very end."""
    late = defaultdict[tuple[Class, str, str], int](int)
    for one in posted:
        if one.kind in ALWAYS and one.state in {"dead", "folded"}:
            late[one.kind, one.state, one.error] += 1
    for (kind, state, error), count in late.items():
        yield f"{count} of {NAMES[kind]} are {state}: {error}"


def _out_of_turn(posted: Sequence[Posted]) -> Iterator[str]:
    """On a day on which a class has been folded for the budget's sake, no card of a lower one goes after it."""
    short: dict[tuple[date, Class], datetime] = {}
    for one in posted:
        if one.state == "folded" and one.error == SHORT:
            key = (one.judged.astimezone(ZONE).date(), one.kind)
            short[key] = min(one.judged, short.get(key, one.judged))
    for one in posted:
        if one.state != "sent" or one.form != "card" or one.kind not in FOLDING or one.reminder == DIGEST:
            continue
        for higher in FOLDING[FOLDING.index(one.kind) + 1 :]:
            since = short.get((one.judged.astimezone(ZONE).date(), higher))
            if since is not None and one.judged > since:
                yield f"{NAMES[one.kind]} went at {one.judged}, {NAMES[higher]} had to wait since {since}"


def off(forecast: Forecast, bill: Bill, *, limited: bool) -> Iterator[str]:
    """Where what was foretold is further from what came than it may be.

    What is foretold is a month in which nothing is folded for the budget's sake: under a limit only the pushes are that.
    """
    both = (("calls", forecast.calls, bill.calls), ("pushes", forecast.pushes, bill.pushes))
    for what, foretold, came in both[1:] if limited else both:
        if abs(foretold - came) > TOLERANCE * came:
            yield f"{foretold} {what} were foretold, {came} it was"


def _print(evidence: Evidence, bill: Bill, forecast: Forecast, quota: Quota) -> None:
    people = len(evidence.company.workers)
    out = sys.stdout.write
    out(
        f"{people} people: {bill.calls} calls of {quota.usable_calls}, {bill.pushes} pushes of {quota.usable_pushes}\n"
    )
    out(f"foretold: {forecast.calls} calls, {forecast.pushes} pushes\n")
    for kind in Class:
        foretold = round(forecast.costs[kind].calls) if kind in forecast.costs else 0
        short = f", short from {bill.folded_on[kind]}" if kind in bill.folded_on else ""
        out(
            f"{NAMES[kind]} {bill.wanted[kind]} letters, {bill.sent[kind]} sent{short}; foretold {foretold}\n"
        )
    if bill.paged_on:
        out(f"no digests from {bill.paged_on}\n")
    for api, count in sorted(evidence.spent.items()):
        out(f"  {api} {count}\n")
    for (reminder, state), count in sorted(
        Counter((one.reminder, one.state) for one in evidence.posted).items()
    ):
        out(f"  {reminder or 'of deeds'} {state} {count} ({count / people:.2f} a person)\n")
    for (kind, form), count in sorted(
        Counter((one.kind, one.form) for one in evidence.posted if one.state == "sent").items()
    ):
        out(f"  {NAMES[kind]} as {form} {count}\n")


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.quarter.month", description="Live through a month."
    )
    parser.add_argument("--people", type=int, default=WHOLE)
    parser.add_argument("--first", default="2026-11-01")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--unlimited", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
