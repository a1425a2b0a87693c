"""The edit trail of a goal, newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from cards.sayings import COVERED
from cards.templating import render
from chat.card import Card
from okr.masking import names_figures
from okr.moments import say_moment
from okr.policy import Policy

PLATFORMS = {"dingtalk": "钉钉", "wecom": "企业微信"}
FIELDS = {
    "title": "标题", "target": "目标值", "start": "起始值", "unit": "单位", "basis": "口径", "deadline": "截止", "due": "截止",
    "weight": "权重", "owner": "负责人", "cycle": "周期", "parent": "对齐", "commitment": "类型", "origin": "来源",
    "stages": "阶段", "kpi": "日常指标",
}  # fmt: skip
"""How a changed field is called; what stands for the whole goal (create, add, cancel) is said by the action."""


NO_AMOUNTS = frozenset(
    {
        "title",
        "unit",
        "basis",
        "deadline",
        "due",
        "weight",
        "owner",
        "cycle",
        "parent",
        "commitment",
        "origin",
    }
)
"""Fields whose old and new name no amount."""


class TrailLine(Protocol):
    """A line as it is kept; words that cannot be opened any more are None."""

    @property
    def at(self) -> datetime: ...
    @property
    def action(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def approver(self) -> str: ...
    @property
    def platform(self) -> str: ...
    @property
    def kr_id(self) -> int | None: ...
    @property
    def request_id(self) -> int | None: ...
    @property
    def field(self) -> str: ...
    @property
    def old(self) -> str | None: ...
    @property
    def new(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def decision(self) -> str | None: ...


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
    hidden = covered and line.field not in NO_AMOUNTS and bool(line.old or line.new)
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
    return COVERED if covered and words and names_figures(words) else words
