"""Whether what the bot said unasked was right, judged without its own code: by the calendar, the roster, the reports."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from chinese_calendar import is_workday

from sandbox.transcript import Bubble
from tests.quarter.company import EARLY, LATE, ZONE, Worker
from tests.quarter.evidence import Evidence

DIGEST = "digest"
A_DAY, A_WEEK = 3, 10
OFFICE = (time(9), time(20))
AFTER_START, BEFORE_END = timedelta(minutes=15), timedelta(minutes=30)
PEAKS = ((time(11, 30), time(13, 30)), (time(17, 30), time(20)))
BEHIND = 10
"""Points, between the whole percents that people see."""
FRESH = timedelta(days=3)
COLLEAGUES = {"approval_pending", "collab_blocked"}
"""What a colleague waits for goes by day, and does not count towards the ceiling."""


@dataclass(frozen=True, slots=True)
class Verdict:
    findings: tuple[str, ...]
    tally: Mapping[str, int]

    @property
    def holds(self) -> bool:
        return not self.findings


def judge(evidence: Evidence, first: date, last: date) -> Verdict:
    findings = [
        *_twice(evidence),
        *_outside(evidence),
        *_too_much(evidence),
        *_without_cause(evidence, first, last),
        *_not_shown_once(evidence),
        *(f"given up: {words}" for words in evidence.unsent),
        *(f"a platform complains: {words}" for words in evidence.complaints),
    ]
    return Verdict(tuple(findings), dict(sorted(Counter(one.reminder for one in evidence.reminded).items())))


def _twice(evidence: Evidence) -> Iterator[str]:
    """Nothing is said twice on a day to one person, of one cause and not more serious than before."""
    seen: dict[tuple[str, str, str, str, date], int] = {}
    for one in evidence.reminded:
        key = (one.number, one.reminder, one.variant, one.subject, one.at.astimezone(ZONE).date())
        if seen.get(key, -1) >= one.level:
            yield f"said twice on {key[-1]} to {one.number}: {one.reminder} {one.subject}"
        seen[key] = max(one.level, seen.get(key, -1))


def _outside(evidence: Evidence) -> Iterator[str]:
    for one in evidence.reminded:
        worker, local = evidence.company.of(one.number), one.at.astimezone(ZONE)
        if one.reminder not in COLLEAGUES and not _may_be_written_to(worker, local):
            yield f"outside the window: {one.reminder} {one.subject} to {one.number} at {local:%a %m-%d %H:%M}"


def _may_be_written_to(worker: Worker, local: datetime) -> bool:
    if not worker.store:
        return is_workday(local.date()) and OFFICE[0] <= local.time() < OFFICE[1]
    shift = _shift(worker, local.date())
    if shift is None or any(start <= local.time() < end for start, end in PEAKS):
        return False
    start, end = (datetime.combine(local.date(), hour, ZONE) for hour in shift)
    return start + AFTER_START <= local < end - BEFORE_END


def _shift(worker: Worker, day: date) -> tuple[time, time] | None:
    days = day.toordinal() + int(worker.number[1:])
    if days % 7 >= 5:
        return None
    return EARLY if days // 7 % 2 else LATE


def _too_much(evidence: Evidence) -> Iterator[str]:
    days: Counter[tuple[str, date]] = Counter()
    weeks: Counter[tuple[str, int, int]] = Counter()
    for one in evidence.reminded:
        if one.reminder in COLLEAGUES or one.reminder == DIGEST:
            continue
        day = one.at.astimezone(ZONE).date()
        days[one.number, day] += 1
        weeks[one.number, *day.isocalendar()[:2]] += 1
    yield from (f"{count} on a day to {key}" for key, count in days.items() if count > A_DAY)
    yield from (f"{count} in a week to {key}" for key, count in weeks.items() if count > A_WEEK)


def _without_cause(evidence: Evidence, first: date, last: date) -> Iterator[str]:
    reports: dict[int, tuple[list[datetime], list[Decimal]]] = defaultdict(lambda: ([], []))
    for report in evidence.reports:
        reports[report.kr_id][0].append(report.at)
        reports[report.kr_id][1].append(report.value)
    goals = {
        kr_id: (start, target) for known in evidence.company.goals.values() for kr_id, start, target in known
    }
    for one in evidence.reminded:
        match one.reminder:
            case "progress_warning" if one.subject.startswith("KR"):
                kr_id = int(one.subject[2:])
                begun, aim = goals[kr_id]
                for agreed, target in evidence.targets.get(kr_id, ()):
                    aim = target if agreed <= one.at else aim
                if _points_behind(reports[kr_id], begun, aim, one.at, first, last) < BEHIND:
                    yield f"not behind any more: {one.subject} to {one.number} at {one.at}"
            case "checkin_due":
                mine = [kr_id for kr_id, *_ in evidence.company.goals[one.number]]
                if all(_reported_since(reports[kr_id][0], one.at) for kr_id in mine):
                    yield f"all reported already: {one.number} at {one.at}"
            case "approval_pending":
                decided = evidence.decided.get(int(one.subject[1:]))
                if decided is not None and decided < one.at:
                    yield f"decided already: {one.subject} to {one.number} at {one.at}"


def _points_behind(
    reports: tuple[list[datetime], list[Decimal]],
    start: Decimal,
    target: Decimal,
    at: datetime,
    first: date,
    last: date,
) -> int:
    known = bisect_right(reports[0], at)
    value = reports[1][known - 1] if known else start
    progress = min(Decimal(1), max(Decimal(0), (value - start) / (target - start)))
    passed = Decimal((at.astimezone(ZONE).date() - first).days) / (last - first).days
    return _seen(passed) - _seen(progress)


def _seen(share: Decimal) -> int:
    return int((share * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _reported_since(reports: list[datetime], at: datetime) -> bool:
    """Whether within the last days, counted as days: a report in the morning counts until the evening."""
    known = bisect_right(reports, at)
    return bool(known) and at.astimezone(ZONE).date() - reports[known - 1].astimezone(ZONE).date() < FRESH


def _not_shown_once(evidence: Evidence) -> Iterator[str]:
    """Each of them stands on the phone exactly once; titles that were cut there are alike where their beginnings are."""
    said: dict[str, list[str]] = defaultdict(list)
    for one in evidence.reminded:
        said[one.number].append(one.title)
    for number, titles in said.items():
        lines = Counter(first_line(bubble) for bubble in evidence.bubbles[number])
        expected = Counter(_as_shown(title, lines) for title in titles)
        for line, count in expected.items():
            if lines[line] != count:
                yield f"{number} was shown {lines[line]} times and sent {count}: {line}"


def _as_shown(title: str, lines: Collection[str]) -> str:
    """The line of the phone that a title became: the longest that is its beginning."""
    beginnings = [line for line in lines if title.startswith(line.rstrip("…"))]
    return max(beginnings, key=len, default=title)


def first_line(bubble: Bubble) -> str:
    """The title, or the words that stand first; of a picture a line that is the beginning of nothing."""
    words = bubble.title or bubble.text.strip().partition("\n")[0]
    return words.strip("*# ") or bubble.kind
