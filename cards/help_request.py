"""A request for help as the two see it: what is wanted, for which goal, by when, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cards.notices import notice
from cards.sayings import kr_name, say_standing
from cards.templating import render
from chat.card import Card
from okr.collaboration import HelpRequest, HelpState
from okr.moments import say_date
from okr.objectives import KeyResult
from okr.people import Person
from okr.status import Verdict


@dataclass(frozen=True, slots=True)
class Plea:
    """A request with all that its cards say. `standing`: `70% 该到 58% 🟢`, empty where the goal is over."""

    request: HelpRequest
    kr: KeyResult
    asker: Person
    asked: Person | None
    standing: str
    today: date
    then: HelpRequest | None = None
    """What it was passed on as, and to whom."""
    then_asked: Person | None = None

    @property
    def ref(self) -> str:
        return self.request.ref

    @property
    def due(self) -> str:
        return say_due(self.request.due, self.today)

    @property
    def overdue(self) -> bool:
        return self.request.due is not None and self.request.due < self.today

    @property
    def line(self) -> str:
        """`KR8 生鲜区客流量(日均)`"""
        return f"{self.kr.ref} {kr_name(self.kr)}"


def say_due(due: date | None, today: date) -> str:
    """周五前, 今天; empty where no day was said."""
    if due is None:
        return ""
    return f"{say_date(due, today)}{'' if due == today else '前'}"


def standing_of(verdict: Verdict | None) -> str:
    return say_standing(verdict) if verdict is not None else ""


def help_card(plea: Plea, reader: Person, *, news: str = "", when: str = "") -> Card:
    """The request as somebody sees it: who was asked answers, who asks waits. `news`: what was said with it since."""
    request = plea.request
    role = "other"
    if reader.id == request.asker_id:
        role = "asker"
    elif reader.id == request.asked_id:
        role = "asked"
    return render(
        "help_request",
        live=True,
        about=plea.ref,
        id=plea.ref,
        role=role,
        state=str(request.state),
        words=request.words,
        asker=plea.asker.name,
        asked=plea.asked.name if plea.asked else "",
        ref=plea.kr.ref,
        line=plea.line,
        standing=plea.standing,
        due=plea.due,
        overdue=plea.overdue,
        answer=_answer(plea),
        dropped=request.answered_at is None,
        then=plea.then.ref if plea.then else "",
        then_asked=plea.then_asked.name if plea.then_asked else "",
        unit=plea.asker.unit,
        news=news,
        when=when,
    )


def _answer(plea: Plea) -> str:
    """What was said with a yes or a no, by its name; a result speaks for itself."""
    said = plea.request.answer
    by_name = plea.request.state in (HelpState.ACCEPTED, HelpState.DECLINED) and plea.asked is not None
    return f"{plea.asked.name}:{said}" if said and by_name and plea.asked else said


def asked_card(plea: Plea, *, new: bool, reach: str) -> Card:
    """To who asks: it is on its way, and who is told. `reach`: when it will be read, where that is not at once."""
    assert plea.asked is not None
    return notice(
        "help_asked",
        about=plea.ref,
        id=plea.ref,
        new=new,
        words=plea.request.words,
        asked=plea.asked.name,
        unit=plea.asked.unit,
        line=plea.line,
        ref=plea.kr.ref,
        due=plea.due,
        reach=reach,
    )


def step_card(plea: Plea, step: str, *, by: str, words: str = "", to: str = "", blocker: str = "") -> Card:
    """To the other of the two: what has just been done.

    `step`: accepted · declined · passed_on · done · withdrawn · asked_anew · resolved · expired. `blocker`: what it was to
    help with, where that is still open.
    """
    return notice(
        "help_step",
        about=plea.ref,
        id=plea.ref,
        step=step,
        by=by,
        to=to,
        words=words,
        wanted=plea.request.words,
        line=plea.line,
        ref=plea.kr.ref,
        due=plea.due,
        asker=plea.asker.name,
        asked=plea.asked.name if plea.asked else "",
        then=plea.then.ref if plea.then else "",
        blocker=blocker,
    )


def say_reach(at: datetime | None, away_until: date | None, name: str, now: datetime) -> str:
    """When somebody reads it, where that is not at once: 李四请假到周三 · 李四上班后(明天 08:00)看到."""
    today = now.date()
    if away_until is not None:
        return f"{name}请假到{say_date(away_until, today)},可能晚点回"
    if at is None:
        return ""
    return f"{name}现在不在班,{say_date(at.date(), today)} {at:%H:%M} 送到"
