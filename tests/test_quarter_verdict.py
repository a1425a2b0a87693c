"""The verdict of the simulated quarter (`make quarter`) finds what it looks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from sandbox.transcript import BOT, Bubble
from tests.quarter.company import ZONE, Company, Worker
from tests.quarter.evidence import Evidence, Reminded, Report
from tests.quarter.verdict import judge

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
CLERK = Worker("E0001", "员工1", "dingtalk", "u0001", "", "", Decimal(1), 1)
SELLER = Worker("E0004", "员工4", "wecom", "u0004", "E0001", "1号店", Decimal(1), 1)
TITLE = "🟡 KR1 损耗率慢了一点"


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZONE)


def warned(moment: str, number: str = "E0001", **changes: object) -> Reminded:
    letter = Reminded(1, number, "progress_warning", "", "KR1", 1, TITLE, at(moment))
    return replace(letter, **changes)  # type: ignore[arg-type]


def bubble(title: str = TITLE) -> Bubble:
    return Bubble("b1", "dingtalk", "chat", BOT, at("2026-11-24 10:00"), "card", title=title)


def evidence(*reminded: Reminded, shown: int | None = None, **changes: object) -> Evidence:
    """A company of two whose first key result stands at 0 of 100."""
    goals = {"E0001": [(1, Decimal(0), Decimal(100))], "E0004": [(2, Decimal(0), Decimal(100))]}
    numbers = [one.number for one in reminded]
    bubbles = {
        number: [bubble()] * (numbers.count(number) if shown is None else shown)
        for number in ("E0001", "E0004")
    }
    found = Evidence(Company([CLERK, SELLER], goals), reminded, [], {}, {}, bubbles, [], [])
    return replace(found, **changes)  # type: ignore[arg-type]


GOOD = warned("2026-11-24 10:00")

HALF_WAY = [Report(1, Decimal(55), at("2026-11-24 09:00"))]
"""Where 59% are expected."""


def test_a_good_run_has_no_findings() -> None:
    verdict = judge(evidence(GOOD), FIRST, LAST)

    assert verdict.findings == ()
    assert verdict.tally == {"progress_warning": 1}


@pytest.mark.parametrize(
    ("what", "finding"),
    [
        (evidence(GOOD, GOOD), "said twice on 2026-11-24"),
        (evidence(warned("2026-11-24 08:59")), "outside the window"),
        (evidence(warned("2026-11-22 10:00")), "outside the window"),
        (evidence(warned("2026-11-26 12:00", "E0004")), "outside the window"),
        (evidence(*(replace(GOOD, subject="KR1", variant=str(n)) for n in range(4))), "4 on a day to"),
        (
            evidence(GOOD, reports=[Report(1, Decimal(90), at("2026-11-24 09:00"))]),
            "not behind any more: KR1",
        ),
        (
            evidence(
                warned("2026-11-24 10:00", reminder="checkin_due", subject="2026-W48"),
                reports=[Report(1, Decimal(9), at("2026-11-23 09:00"))],
            ),
            "all reported already",
        ),
        (
            evidence(
                warned("2026-11-24 10:00", reminder="approval_pending", subject="R7"),
                decided={7: at("2026-11-24 09:59")},
            ),
            "decided already: R7",
        ),
        (
            evidence(GOOD, targets={1: [(at("2026-11-25 09:00"), Decimal(1000))]}, reports=HALF_WAY),
            "not behind any more: KR1",
        ),
        (evidence(GOOD, shown=2), "was shown 2 times and sent 1"),
        (evidence(GOOD, shown=0), "was shown 0 times and sent 1"),
        (evidence(GOOD, unsent=["letter 9: refused"]), "given up: letter 9"),
        (evidence(GOOD, complaints=["two acknowledgements"]), "a platform complains"),
    ],
)
def test_the_verdict_finds(what: Evidence, finding: str) -> None:
    findings = judge(what, FIRST, LAST).findings

    assert any(finding in line for line in findings), findings


def test_a_title_that_the_platform_cut_counts_as_shown() -> None:
    cut = {"E0001": [bubble("🟡 KR1 损耗率慢…")], "E0004": []}

    assert judge(evidence(GOOD, bubbles=cut), FIRST, LAST).holds


def test_a_seller_may_be_written_to_on_shift() -> None:
    """26 November 2026 is an early shift of E0004's."""
    assert judge(evidence(warned("2026-11-26 15:00", "E0004", subject="KR2")), FIRST, LAST).holds


def test_a_goal_is_judged_by_the_target_that_held_then() -> None:
    raised = {1: [(at("2026-11-20 09:00"), Decimal(1000))]}

    assert judge(evidence(GOOD, targets=raised, reports=HALF_WAY), FIRST, LAST).holds


def test_titles_that_were_cut_alike_count_together() -> None:
    weeks = [warned(f"2026-11-{day} 10:00", title=f"🟡 KR1 损耗率慢了 {day} 天") for day in (17, 24)]
    cut = {"E0001": [bubble("🟡 KR1 损耗率慢…")] * 2, "E0004": []}

    assert judge(evidence(*weeks, bubbles=cut), FIRST, LAST).holds
    assert not judge(evidence(*weeks[:1], bubbles=cut), FIRST, LAST).holds
