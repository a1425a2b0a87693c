"""The bill of the simulated month (`make month`) finds what it looks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from okr.quota import Class, Cost, Forecast, Quota
from scheduler.sending import SHORT
from tests.quarter.company import ZONE, Company
from tests.quarter.days import OTHERS
from tests.quarter.evidence import Evidence, Posted
from tests.quarter.month import Bill, bill_of, off

QUOTA = Quota(1000, 500, 0.2)
NOON = datetime(2026, 11, 24, 12, tzinfo=ZONE)


def letter(kind: Class, **changes: object) -> Posted:
    one = Posted(kind, "progress_warning", "sent", "", NOON, NOON, "card", "E0001")
    return replace(one, **changes)  # type: ignore[arg-type]


def evidence(*posted: Posted, **changes: object) -> Evidence:
    found = Evidence(
        Company([], {}), [], [], {}, {}, {}, [], [], posted,
        {"calls": 900, OTHERS: 200, "pushes": 400}, {"calls": 700, "pushes": 300},
    )  # fmt: skip
    return replace(found, **changes)  # type: ignore[arg-type]


def test_a_good_month_has_no_findings_and_is_without_other_robots() -> None:
    bill = bill_of(evidence(letter(Class.DECISION), letter(Class.WARNING)), QUOTA)

    assert bill.findings == ()
    assert (bill.calls, bill.pushes) == (700, 300)
    assert bill.sent == {Class.DECISION: 1, Class.WARNING: 1}


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        (
            {"spent": {"calls": 1001, OTHERS: 200, "pushes": 400}, "counted": {"calls": 801, "pushes": 300}},
            "801 calls, of 800",
        ),
        (
            {"spent": {"calls": 900, OTHERS: 200, "pushes": 501}, "counted": {"calls": 700, "pushes": 401}},
            "401 pushes, of 400",
        ),
        ({"refused": ["Forbidden.AccessDenied.ApiCountLimitForOrg /v1.0/x"]}, "refused 1 times"),
        ({"counted": {"calls": 699, "pushes": 300}}, "DingTalk counted (700, 300)"),
        ({"complaints": ["a card that is too long"]}, "a platform complains"),
        ({"posted": [letter(Class.DECISION, state="dead", error="no")]}, "1 of 审批 are dead: no"),
        ({"posted": [letter(Class.ANSWER, state="folded")]}, "1 of 回答 are folded"),
    ],
)
def test_what_it_finds(changes: dict[str, object], finding: str) -> None:
    [said] = bill_of(evidence(**changes), QUOTA).findings
    assert finding in said


@pytest.mark.parametrize(("minutes", "kind", "found"), [
    (5, Class.REPORT, True), (-5, Class.REPORT, False), (5, Class.WARNING, False), (5, Class.COLLABORATION, False),
    (60 * 24, Class.PRAISE, False),
])  # fmt: skip
def test_no_card_of_a_lower_class_goes_after_a_higher_had_to_wait(
    minutes: int, kind: Class, *, found: bool
) -> None:
    short = letter(Class.WARNING, state="folded", error=SHORT)
    later = letter(kind, judged=NOON + timedelta(minutes=minutes))
    bill = bill_of(evidence(short, later), QUOTA)

    assert bool(bill.findings) is found
    assert bill.folded_on == {Class.WARNING: date(2026, 11, 24)}


@pytest.mark.parametrize(
    ("calls", "pushes", "limited", "count"),
    [
        (700, 300, False, 0), (560, 300, False, 0), (1000, 300, False, 1), (500, 300, False, 1), (700, 100, False, 1),
        (1000, 300, True, 0), (1000, 100, True, 1),
    ],
)  # fmt: skip
def test_what_was_foretold_is_held_against_what_came(
    calls: int, pushes: int, count: int, *, limited: bool
) -> None:
    """Under a limit letters were saved, which nobody foretells."""
    bill = Bill(700, 300, {}, {}, {}, None, ())
    assert len(list(off(Forecast({Class.REPORT: Cost(calls, pushes)}), bill, limited=limited))) == count
