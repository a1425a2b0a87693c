"""A short crash run, so that the long one (`make crash`) stays alive; and its verdict finds what it looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scheduler.sending import GONE
from tests.crash.evidence import Applied, Evidence, Posted, Seen
from tests.crash.ledger import Command, Ledger
from tests.crash.rounds import crash
from tests.crash.verdict import judge

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEVEL, TOTAL = 1, 2


@pytest.mark.slow
async def test_what_was_acknowledged_outlives_kills(tmp_path: Path) -> None:
    """On SQLite only: on PostgreSQL the claims of the dead are waited for, which takes a minute."""
    verdict = await crash(1, 7, f"sqlite://{tmp_path / 'okrbot.db'}", tmp_path)

    assert list(verdict.evidence()) == []
    assert verdict.acknowledged > 0


# --- the verdict ---


def told() -> Ledger:
    """A value and two additions by one person, all acknowledged; one kill after a minute."""
    commands = (
        Command("c000000", "E0101", "dingtalk", LEVEL, adds=False, value=1200),
        Command("c000001", "E0101", "app", TOTAL, adds=True, value=1),
        Command("c000002", "E0101", "robot", TOTAL, adds=True, value=1),
    )
    notes = {command.note: command for command in commands}
    return Ledger(notes, set(notes), [NOON + 60 * SECOND])


def applied(number: int, kr_id: int, value: int) -> Applied:
    return Applied(number, f"c{number:06d}", kr_id, Decimal(value), NOON + number * SECOND, "E0101")


GOOD = Evidence(
    applied=[applied(0, LEVEL, 1200), applied(1, TOTAL, 1), applied(2, TOTAL, 2)],
    posted=[Posted(number, f"c{number:06d}", "sent", "") for number in range(3)],
    seen=[Seen(f"c{number:06d}", "E0101", NOON + number * SECOND) for number in range(3)],
    values={LEVEL: Decimal(1200), TOTAL: Decimal(2)},
)


def seen_again(after: int, reader: str = "E0101") -> Sequence[Seen]:
    return [*GOOD.seen, Seen("c000001", reader, NOON + after * SECOND)]


def test_a_good_run_has_no_findings() -> None:
    verdict = judge(told(), GOOD)

    assert (verdict.holds, verdict.acknowledged, verdict.shown_twice) == (True, 3, 0)


def test_a_reminder_of_what_has_been_reported_meanwhile_need_not_go_out() -> None:
    overtaken = Posted(9, "", "dropped", GONE, "kr_stalled")

    assert judge(told(), replace(GOOD, posted=[*GOOD.posted, overtaken])).holds


def test_an_answer_after_a_kill_is_counted() -> None:
    late = [*GOOD.seen[:2], Seen("c000002", "E0101", NOON + 61 * SECOND)]
    verdict = judge(told(), replace(GOOD, seen=late))

    assert (verdict.holds, verdict.outlived) == (True, 1)


def test_a_second_showing_after_a_kill_is_only_counted() -> None:
    verdict = judge(told(), replace(GOOD, seen=seen_again(61)))

    assert (verdict.holds, verdict.shown_twice) == (True, 1)


@pytest.mark.parametrize(
    ("evidence", "finding"),
    [
        (replace(GOOD, applied=GOOD.applied[1:]), "lost: c000000"),
        (replace(GOOD, applied=[*GOOD.applied, applied(2, TOTAL, 3)]), "doubled: c000002"),
        (
            replace(GOOD, applied=[applied(0, LEVEL, 1201), *GOOD.applied[1:]]),
            "another value than said",
        ),
        (replace(GOOD, applied=[*GOOD.applied, applied(9, LEVEL, 1200)]), "written but not said"),
        (replace(GOOD, posted=GOOD.posted[1:]), "c000000 has not one answer: None"),
        (replace(GOOD, posted=[*GOOD.posted, GOOD.posted[0]]), "c000000 has not one answer"),
        (replace(GOOD, posted=[*GOOD.posted, Posted(9, "", "waiting", "busy")]), "not delivered"),
        (replace(GOOD, posted=[*GOOD.posted, Posted(9, "", "dead", "refused")]), "not delivered"),
        (replace(GOOD, posted=[*GOOD.posted, Posted(9, "", "dropped", GONE)]), "not delivered"),
        (
            replace(GOOD, posted=[*GOOD.posted, Posted(9, "", "dead", "refused", "kr_stalled")]),
            "not delivered",
        ),
        (replace(GOOD, seen=GOOD.seen[:2]), "nobody was shown the answer to c000002"),
        (replace(GOOD, seen=seen_again(59)), "shown twice without a crash"),
        (replace(GOOD, seen=seen_again(61, "E0102")), "shown to somebody else"),
        (replace(GOOD, values={LEVEL: Decimal(1), TOTAL: Decimal(2)}), "KR1 says 1"),
        (
            replace(
                GOOD,
                applied=[GOOD.applied[0], applied(1, TOTAL, 1), applied(2, TOTAL, 1)],
                values={LEVEL: Decimal(1200), TOTAL: Decimal(1)},
            ),
            "KR2 was added to 2 times and is 1",
        ),
    ],
)
def test_the_verdict_finds(evidence: Evidence, finding: str) -> None:
    verdict = judge(told(), evidence)

    assert not verdict.holds
    assert any(finding in line for line in verdict.evidence()), list(verdict.evidence())
