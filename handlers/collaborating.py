"""协作: a colleague is asked for help with a key result. It asks nobody's leave; he answers as he can."""

from __future__ import annotations

import re
from datetime import date

from cards import actions
from cards.help_request import Plea, asked_card, help_card, say_due, say_reach
from cards.notices import Choice, notice, question
from cards.sayings import kr_name
from chat.answers import Answer, Letter, Urgency
from chat.events import ChatKind
from handlers import goals
from handlers.addressee import addressee
from handlers.asking import Asking, Misunderstood, shown
from handlers.goals import Goal
from handlers.pleas import plea_of
from handlers.reachable import reach
from handlers.reading.deadlines import take_deadline
from handlers.reading.ids import take_ref
from handlers.reading.titles import sharing_words
from handlers.route import Route
from handlers.sight import sight_of
from okr.collaboration import HelpRequest
from okr.help_refusals import CannotBeAsked
from okr.objectives import State
from okr.people import Person
from okr.refusals import NotInForce
from storage import help_requests

LONGEST = 200
"""Characters of what is wanted."""
_ASIDE = re.compile("^(?:一?下子?|问问?|找)(?=.)")
"""帮我问下李四: these are about the asking."""


async def ask(asking: Asking) -> Answer:
    """协作 KR34 @李四 需要客流数据 周五前 · 帮我问下李四上周客流数据"""
    goal, rest = await named_goal(asking, "协作")
    ref = goal[1].ref if goal is not None else ""
    person, words = await addressee(
        asking,
        _ASIDE.sub("", rest),
        lambda number, words: f"协作 {ref} {number} {words}".replace("  ", " ").strip(),
    )
    words = words[:LONGEST]
    if goal is None:
        return await _for_which(asking, person, words)
    if person is None:
        return _whom(goal, words)
    require_askable(asking, goal, person)
    if not words:
        return _what(goal, person)
    return await request_help(asking, goal, person, words)


async def named_goal(asking: Asking, verb: str) -> tuple[Goal | None, str]:
    """The key result that is named or quoted, and what follows; None where none is."""
    ref, rest = take_ref(asking.rest, "KR")
    if ref is not None and ref.kind == "KR":
        return await goals.key_result(asking, ref.number), rest
    if ref is not None and ref.kind == "O":
        objective = await goals.objective_by_number(asking, ref.number)
        fits = [(objective, kr) for kr in objective.counting]
        if len(fits) != 1:
            raise Misunderstood(goals.which_card(fits, verb, rest))
        return fits[0], rest
    if asking.about.startswith("KR"):
        return await goals.key_result(asking, int(asking.about[2:])), asking.rest
    return None, asking.rest


async def _for_which(asking: Asking, person: Person | None, words: str) -> Answer:
    """No goal is named: the one that the words speak of is offered, else all of the asker's."""
    running = [(objective, kr) for objective in await goals.running(asking) for kr in objective.counting]
    if not running:
        raise Misunderstood(notice("nothing_for", verb="协作"))
    titles = {kr.id: kr.title for _, kr in running}
    fits = [goal for goal in running if goal[1].id in sharing_words(words, titles)] or running
    whom = person.number if person is not None else ""
    if len(fits) == 1 and person is not None and words:
        require_askable(asking, fits[0], person)
        return _confirm(asking, fits[0], person, words)
    says = {kr.id: f"协作 {kr.ref} {whom} {words}".replace("  ", " ").strip() for _, kr in fits[:6]}
    choices = [
        Choice(f"{kr.ref} {kr.title}"[:20], say if actions.fits(say) else f"协作 {kr.ref} {whom}".strip())
        for _, kr in fits[:6]
        for say in (says[kr.id],)
    ]
    asked = f"请{person.name}帮忙," if person is not None else ""
    raise Misunderstood(question("which", choices, what=f"{asked}为了哪一个?"))


def _confirm(asking: Asking, goal: Goal, person: Person, words: str) -> Answer:
    """The goal was only guessed from the words: nobody is asked before a tap."""
    kr = goal[1]
    due, bare = take_deadline(words, asking.today)
    say = f"协作 {kr.ref} {person.number} {words}"
    if not actions.fits(say):
        return _what(goal, person)
    return shown(
        question(
            "confirm_help",
            [Choice("是的", say), Choice("不是", actions.NEVER_MIND)],
            about=kr.ref,
            asked=person.name,
            unit=person.unit,
            words=bare or words,
            line=f"{kr.ref} {kr_name(kr)}",
            due=say_due(due, asking.today),
        )
    )


def _whom(goal: Goal, words: str) -> Answer:
    kr = goal[1]
    awaits = f"协作 {kr.ref} {words}".strip()
    return shown(
        question("help_whom", [], about=kr.ref, awaits=awaits, line=f"{kr.ref} {kr_name(kr)}", words=words)
    )


def _what(goal: Goal, person: Person) -> Answer:
    kr = goal[1]
    awaits = f"协作 {kr.ref} {person.number}"
    return shown(
        question(
            "help_what", [], about=kr.ref, awaits=awaits, line=f"{kr.ref} {kr_name(kr)}", asked=person.name
        )
    )


def require_askable(asking: Asking, goal: Goal, person: Person) -> None:
    """Raises CannotBeAsked for oneself and for who may not see the goal, NotInForce where it is not in force."""
    objective, kr = goal
    state = objective.state if objective.state is not State.ACTIVE else kr.state
    if state is not State.ACTIVE:
        raise NotInForce(kr.ref, str(state))
    if person.id == asking.asker.id:
        raise CannotBeAsked(kr.ref, person.name, "own")


async def _require_sight(asking: Asking, goal: Goal, person: Person) -> None:
    if not (await sight_of(asking, person, [goal[0]])).sees(goal[0]):
        raise CannotBeAsked(goal[1].ref, person.name, "hidden")


async def request_help(
    asking: Asking, goal: Goal, person: Person, words: str, *, came_from: int | None = None
) -> Answer:
    """Ask him, once: the same thing that still waits is not asked again."""
    await _require_sight(asking, goal, person)
    due, bare = take_deadline(words, asking.today)
    wanted = bare or words
    known = await help_requests.same(asking.session, goal[1].id, asking.asker.id, person.id, wanted)
    request = known or await _kept(asking, goal, person, wanted, due, came_from)
    plea = await plea_of(asking, request)
    read = await reach(asking, person)
    card = asked_card(
        plea, new=known is None, reach=say_reach(read.at, read.away_until, person.name, asking.now)
    )
    letters = () if known is not None else (letter_to_asked(plea, person),)
    return Answer(card=card, letters=letters, in_place=asking.pressed)


async def _kept(
    asking: Asking, goal: Goal, person: Person, wanted: str, due: date | None, came_from: int | None
) -> HelpRequest:
    where = asking.event.conversation
    number = await help_requests.make(
        asking.session,
        kr_id=goal[1].id,
        asker_id=asking.asker.id,
        asked_id=person.id,
        words=wanted,
        due=due,
        platform=str(where.platform),
        group=where.id if where.kind is ChatKind.GROUP else "",
        at=asking.now,
        came_from=came_from,
    )
    made = await help_requests.by_id(asking.session, number)
    assert made is not None
    return made


def letter_to_asked(plea: Plea, person: Person, *, news: str = "") -> Letter:
    return Letter(
        person.id, help_card(plea, person, news=news), once_of(plea.request.id), Urgency.COLLABORATION
    )


def once_of(number: int) -> str:
    """The uniqueness of the card of who is asked."""
    return f"help:{number}"


ROUTES = (
    Route(
        words=("协作", "帮我问", "帮问", "请求协作"),
        handle=ask,
        topic="一起做",
        does="请同事帮一个忙,每一步两边都知道",
        examples=("协作 {kr} @{mate} 需要客流数据 周五前", "帮我问下{mate}上周客流数据"),
    ),
)
