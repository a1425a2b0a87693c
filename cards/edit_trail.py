"""The edit trail of a goal, newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from cards.sayings import COVERED
from cards.templating import render
from chat.card import Card
from okr.edit_trail import FIELDS, PLATFORMS, TrailLine, hides, hides_words
from okr.moments import say_moment
from okr.policy import Policy


def trail_card(
    ref: str,
    title: str,
    lines: Sequence[TrailLine],
    *,
    page: int,
    pages: int,
    total: int,
    now: datetime,
    policy: Policy,
    covered: Collection[int] = (),
) -> Card:
    """`covered`: key results whose amounts the reader may not see; what was written about those is left out, too."""
    return render(
        "edit_trail",
        live=True,
        about=ref,
        ref=ref,
        title=title,
        total=total,
        page=page,
        pages=pages,
        lines=[_line(line, ref, now, policy, line.kr_id in covered) for line in lines],
    )


def _line(line: TrailLine, ref: str, now: datetime, policy: Policy, covered: bool) -> dict[str, Any]:
    hidden = covered and hides(line)
    gone = None in (line.old, line.new)
    return {
        "when": say_moment(line.at, now, policy.zone),
        "who": line.actor,
        "platform": PLATFORMS.get(line.platform, line.platform),
        "action": line.action,
        "about": f"KR{line.kr_id}" if line.kr_id is not None and ref.startswith("O") else "",
        "field": FIELDS.get(line.field, ""),
        "old": COVERED if hidden else line.old or "",
        "new": COVERED if hidden else line.new or "",
        "hidden": hidden,
        "gone": gone,
        "reason": _words(line.reason, covered=covered),
        "request": f"R{line.request_id}" if line.request_id is not None else "",
        "approver": line.approver,
        "decision": _words(line.decision, covered=covered),
    }


def _words(words: str | None, *, covered: bool) -> str | None:
    return COVERED if covered and hides_words(words) else words
