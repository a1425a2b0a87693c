"""Scores: one objective's, and a person's and a team's of a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from cards.examples import Examples
from cards.notices import Choice, question
from cards.sayings import kr_name, o_name, say_value
from cards.templating import render
from chat.card import Card
from okr.numbers import CENT, half_up, say_percent
from okr.objectives import Cycle, KeyResult, Objective
from okr.progress import key_result_progress
from okr.scoring import Cause, Grade, Scores, asks_for_cause, grade, mean_scores, portfolio, scored

LINES = 5
"""Key results on one card."""
MINE, TEAM = 3, 4
"""Objectives on one overview."""


class Mark(Protocol):
    """A score as it was given."""

    @property
    def score(self) -> Decimal: ...
    @property
    def reason(self) -> str: ...
    @property
    def cause(self) -> Cause | None: ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """One objective with what its numbers suggest and what was given, by key result ids.

    `early`: so many days are left, and what is given may still be changed.
    """

    objective: Objective
    suggested: Mapping[int, Decimal]
    given: Mapping[int, Mark]
    early: int = 0
    locked: bool = False

    @property
    def scoring(self) -> list[KeyResult]:
        """The key results that are scored: no daily figures."""
        return [kr for kr in self.objective.counting if not kr.is_kpi]

    @property
    def unscored(self) -> list[KeyResult]:
        return [kr for kr in self.scoring if kr.id not in self.given]

    @property
    def unexplained(self) -> list[KeyResult]:
        """Those with a low score and no cause."""
        return [
            kr
            for kr in self.scoring
            if kr.id in self.given
            and asks_for_cause(self.given[kr.id].score)
            and self.given[kr.id].cause is None
        ]

    @property
    def scores(self) -> Scores:
        """The means of what was given, and of what is suggested where nothing was."""
        standing = {kr.id: self.score_of(kr) for kr in self.scoring}
        return mean_scores(scored(self.objective, standing))

    def score_of(self, kr: KeyResult) -> Decimal:
        return self.given[kr.id].score if kr.id in self.given else self.suggested[kr.id]


def say_score(score: Decimal | None) -> str:
    """`0.8`, `0.65`: two decimals at most; a dash where there is nothing to score."""
    return "—" if score is None else f"{half_up(score, CENT).normalize():f}"


def say_scores(scores: Scores) -> str:
    """The mean, and the two that must not be mixed where there are both: `0.68(承诺 0.9 · 挑战 0.3)`."""
    whole = say_score(scores.all)
    if not scores.mixed:
        return whole
    return f"{whole}(承诺 {say_score(scores.committed)} · 挑战 {say_score(scores.stretch)})"


def say_grade(score: Decimal, kr: KeyResult) -> str:
    """What a score means: 承诺 · 差一点."""
    return f"{kr.commitment} · {grade(score, kr.commitment)}"


def score_card(sheet: Sheet, owner: str, *, own: bool, may_score: bool, may_confirm: bool) -> Card:
    """评分 O12: what is suggested, what was given and why, and what comes next."""
    objective, unscored = sheet.objective, sheet.unscored
    rows = [_row(sheet, kr) for kr in sheet.scoring]
    return render(
        "score",
        live=True,
        about=objective.ref,
        ref=objective.ref,
        name=o_name(objective),
        owner=owner,
        own=own,
        cycle=objective.cycle.name,
        scores=say_scores(sheet.scores),
        rows=rows[:LINES],
        more=max(0, len(rows) - LINES),
        daily=[kr.ref for kr in objective.counting if kr.is_kpi],
        unscored=[kr.ref for kr in unscored],
        first=(unscored or sheet.scoring)[0].ref if sheet.scoring else "",
        confirmed=objective.score is not None,
        locked=sheet.locked,
        early=sheet.early,
        may_score=may_score and not sheet.locked,
        may_confirm=may_confirm and not sheet.locked and objective.score is None and not unscored,
    )


def _row(sheet: Sheet, kr: KeyResult) -> dict[str, Any]:
    mark = sheet.given.get(kr.id)
    score = sheet.score_of(kr)
    return {
        "ref": kr.ref,
        "name": kr_name(kr),
        "progress": say_percent(key_result_progress(kr).clamped),
        "score": say_score(score),
        "given": mark is not None,
        "grade": say_grade(score, kr),
        "word": str(grade(score, kr.commitment)),
        "safe": grade(score, kr.commitment) is Grade.TOO_EASY,
        "why": "、".join(
            part
            for part in (str(mark.cause) if mark and mark.cause else "", mark.reason if mark else "")
            if part
        ),
    }


def confirming_card(sheet: Sheet, owner: str) -> Card:
    """To the superior: what the owner has said, to be confirmed."""
    return _letter("score_asked", sheet, by=owner)


def told_card(sheet: Sheet, by: str) -> Card:
    """To the owner: what his superior has confirmed."""
    return _letter("score_told", sheet, by=by)


def _letter(template: str, sheet: Sheet, *, by: str) -> Card:
    rows = [_row(sheet, kr) for kr in sheet.scoring]
    objective = sheet.objective
    return render(
        template,
        live=True,
        about=objective.ref,
        ref=objective.ref,
        name=o_name(objective),
        scores=say_scores(sheet.scores),
        rows=rows[:LINES],
        more=max(0, len(rows) - LINES),
        by=by,
    )


def cause_card(kr: KeyResult, score: Decimal) -> Card:
    """One of eight causes for a low score; the next words are taken for it, a number for its place."""
    causes = list(Cause)
    return render(
        "score_cause",
        live=True,
        about=kr.ref,
        choices=[Choice(str(cause), f"评分 {kr.ref} 原因 {cause}") for cause in causes],
        awaits=f"评分 {kr.ref} 原因",
        ref=kr.ref,
        name=kr_name(kr),
        score=say_score(score),
        causes=[f"{number} {cause}" for number, cause in enumerate(causes, 1)],
    )


def what_score_card(kr: KeyResult, suggested: Decimal) -> Card:
    """评分 KR34: which score is asked; a tenth up and down go without a reason."""
    tenth = Decimal("0.1")
    near = [one for one in (suggested, suggested - tenth, suggested + tenth) if 0 <= one <= 1]
    return question(
        "what_score",
        [Choice(say_score(one), f"评分 {kr.ref} {one}") for one in near],
        about=kr.ref,
        awaits=f"评分 {kr.ref}",
        ref=kr.ref,
        name=kr_name(kr),
        value=say_value(kr, kr.value),
        progress=say_percent(key_result_progress(kr).clamped),
        suggested=say_score(suggested),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """An objective on the overview: whose, how it stands, and the command that goes on with it."""

    owner: str
    sheet: Sheet

    @property
    def ref(self) -> str:
        return self.sheet.objective.ref

    @property
    def state(self) -> str:
        if self.sheet.objective.score is not None:
            return "已锁定" if self.sheet.locked else "已确认"
        if self.sheet.unscored:
            return f"还差 {len(self.sheet.unscored)} 个没评"
        return "等上级确认"


def overview_card(
    cycle: Cycle, mine: Sequence[Line], team: Sequence[Line], eg: Examples, *, locked: bool
) -> Card:
    """评分 2026Q4: my objectives with my score of the cycle, and my team's with what they say together."""
    own, theirs = _means(mine), _means(team)
    first, then = (MINE, TEAM) if mine else (0, MINE + TEAM)
    return render(
        "scores",
        live=True,
        cycle=cycle.name,
        eg=eg,
        locked=locked,
        mine=[_line(line) for line in mine[:first]],
        my_score=say_scores(own) if own.all is not None else "",
        team=[_line(line, team=True) for line in team[:then]],
        more=max(0, len(mine) - first) + max(0, len(team) - then),
        team_score=say_scores(theirs) if theirs.all is not None else "",
        verdict=str(portfolio(theirs.all)) if theirs.all is not None else "",
        next=next((line.ref for line in (*mine, *team) if line.sheet.objective.score is None), ""),
    )


def _means(lines: Sequence[Line]) -> Scores:
    """Every objective weighs the same."""
    return mean_scores(
        part
        for line in lines
        for part in scored(
            line.sheet.objective, {kr.id: line.sheet.score_of(kr) for kr in line.sheet.scoring}
        )
    )


def _line(line: Line, *, team: bool = False) -> dict[str, Any]:
    return {
        "team": team,
        "owner": line.owner,
        "ref": line.ref,
        "title": line.sheet.objective.title,
        "name": o_name(line.sheet.objective),
        "score": say_scores(line.sheet.scores),
        "state": line.state,
    }
