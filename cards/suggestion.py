"""A suggestion as its goal's owner sees it: old and new, why, and what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.sayings import kr_name
from cards.templating import render
from chat.card import Card
from okr.numbers import say_percent
from okr.objectives import KeyResult, Objective
from okr.progress import key_result_progress


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field that would be another: `目标值`, what stands there, what is suggested."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Idea:
    """A suggestion with all that its cards say. `after` is the key result as it would be."""

    id: str
    objective: Objective
    kr: KeyResult | None
    after: KeyResult | None
    wanted: Sequence[Wanted]
    words: str
    reason: str
    suggester: str
    owner: str

    @property
    def ref(self) -> str:
        return self.kr.ref if self.kr else self.objective.ref

    @property
    def line(self) -> str:
        """`KR34 目标值 1,100 人 → 1,080 人`, or the words that name no field."""
        steps = ";".join(f"{one.name} {one.old} → {one.new}" for one in self.wanted)
        return f"{self.ref} {steps or f'「{self.words}」'}"


def suggestion_card(idea: Idea, *, decides: bool, news: str = "") -> Card:
    """`decides`: for the owner, who answers it; `news`: what was said about it since."""
    was = say_percent(key_result_progress(idea.kr).clamped) if idea.kr else ""
    will = say_percent(key_result_progress(idea.after).clamped) if idea.after else ""
    return render(
        "suggestion",
        live=True,
        about=idea.id,
        id=idea.id,
        ref=idea.ref,
        name=kr_name(idea.kr) if idea.kr else idea.objective.title,
        line=idea.line,
        reason=idea.reason,
        suggester=idea.suggester,
        owner=idea.owner,
        was=was,
        will=will if will != was else "",
        decides=decides,
        news=news,
    )
