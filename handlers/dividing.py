"""Among whom a key result is broken down, and in which shares: what the words after 分解 KR7 say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from cards.notices import Choice, question
from cards.sayings import kr_name
from chat.card import Card
from chat.events import Message
from handlers.asking import Asking, Misunderstood
from handlers.examples import examples_for
from handlers.goals import Goal
from handlers.reading.numbers import read_number
from handlers.reading.people import find_people
from okr.cycle import cycle_of
from okr.decomposition import by_last_period, by_percent, by_weight, evenly
from okr.numbers import say_number
from okr.objectives import KeyResult, Objective, State
from okr.people import Person
from okr.refusals import NobodyBelow, NoSuchPerson, NotInYourLine
from okr.schemes import most_specific
from storage import cycles, objectives, people

_PERCENT = re.compile(r"\d+(?:\.\d+)?\s*%|百分之[一二三四五六七八九十百]+|[一二三四五六七八九]成")
_LAST_YEAR = re.compile("去年|同期")
_LAST = re.compile("上期|上季|上个季度|占比")
ONE = Decimal(1)
ALIKE = 0.5
"""How alike two titles have to be to speak of the same figure in another period."""
Shares = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who was written down, and his share of 1 where it was."""

    person: Person
    percent: Decimal | None


def weights_of(asking: Asking, everybody: Sequence[Person]) -> list[Decimal]:
    """How many parts the company's rules give each."""
    found = [most_specific(asking.policy.weights, person) for person in everybody]
    return [ONE if scheme is None else scheme.weight for scheme in found]


def split_evenly(asking: Asking, everybody: Sequence[Person], what: str) -> tuple[tuple[Decimal, ...], str]:
    """Shares where none was said, and how that is called."""
    weights = weights_of(asking, everybody)
    if len(set(weights)) < 2:
        return evenly(len(everybody)), f"{what}平均分"
    counted = Counter(weights)
    said = "、".join(
        f"{say_number(weight)} 份的 {counted[weight]} 个" for weight in sorted(counted, reverse=True)
    )
    return by_weight(weights), f"{what},按公司规则的权重分:{said}"


async def named_receivers(
    asking: Asking, owner: Person, kr: KeyResult, words: str
) -> tuple[list[Person], Shares] | None:
    """Those who are named with their percents; None where nobody is named. Raises NoSuchPerson, NotInYourLine."""
    found = await _written(asking, owner, words)
    if not found:
        return None
    for one in found:
        line = await people.line_above(asking.session, one.person)
        if owner.id not in line:
            raise NotInYourLine(one.person.name, kr.ref)
    percents = [one.percent for one in found]
    if all(percent is None for percent in percents):
        return [one.person for one in found], [None] * len(found)
    checked = by_percent([percent for percent in percents if percent is not None])
    said = iter(checked)
    return [one.person for one in found], [None if percent is None else next(said) for percent in percents]


async def _written(asking: Asking, owner: Person, words: str) -> list[Named]:
    """Everybody named in the words, or mentioned beside them, in the order of the percents."""
    spans = find_people(words)
    event = asking.event
    accounts = event.mentions if isinstance(event, Message) else ()
    mentioned = [known.person for one in accounts if (known := await people.by_account(asking.session, one))]
    found: list[Named] = []
    for index, (_, end, name) in enumerate(spans):
        until = spans[index + 1][0] if index + 1 < len(spans) else len(words)
        found.append(Named(await _one(asking, owner, mentioned, name), _percent(words[end:until])))
    for person in mentioned:
        if person.id not in {one.person.id for one in found}:
            found.append(Named(person, _percent(words) if len(mentioned) == 1 else None))
    return found


async def _one(asking: Asking, owner: Person, mentioned: Sequence[Person], name: str) -> Person:
    """Of several with one name the one below the owner; else it is asked which."""
    beside = [person for person in mentioned if person.name == name or name.startswith(person.name)]
    if len(beside) == 1:
        return beside[0]
    by_number = await people.by_number(asking.session, name)
    if by_number is not None:
        return by_number
    named = await people.by_name(asking.session, name)
    below = [person for person in named if owner.id in await people.line_above(asking.session, person)]
    if len(below) == 1 or len(named) == 1:
        return (below or named)[0]
    if not named:
        raise NoSuchPerson(name)
    choices = [
        Choice(f"{person.name} {person.unit}"[:20], asking.text.replace(f"@{name}", person.number))
        for person in (below or named)[:6]
    ]
    raise Misunderstood(question("which", choices, what=f"有 {len(named)} 个{name},分给哪一个?"))


def _percent(words: str) -> Decimal | None:
    match = _PERCENT.search(words)
    if match is None:
        return None
    if match[0].endswith("成"):
        return Decimal("一二三四五六七八九".index(match[0][0]) + 1) * 10
    quantity = read_number(match[0].replace(" ", ""))
    return quantity.value if quantity is not None else None


async def receivers(
    asking: Asking, owner: Person, goal: Goal, words: str
) -> tuple[list[Person], Shares, str]:
    """Those whom 按门店, 按区域, 按人 mean, their shares, and how it is said. Raises NobodyBelow, Misunderstood."""
    _, kr = goal
    below = await people.below(asking.session, owner)
    if "区" in words:
        everybody, what = heads(below, lambda person: person.region if not person.store else ""), "按区域"
    elif "店" in words:
        everybody, what = heads(below, lambda person: person.store), "按门店"
    elif any(word in words for word in ("人", "平均", "均分", "占比", "同期", "上期", "上季")):
        stores = heads(below, lambda person: person.store)
        direct = [person for person in below if person.manager_id == owner.id]
        wants_people = "人" in words or owner.store or len(stores) < 2
        everybody, what = (direct, "按人") if wants_people else (stores, "按门店")
    else:
        raise Misunderstood(await how_to_divide(asking, kr, "没看懂后面的分法"))
    everybody = [person for person in everybody if person.id != owner.id]
    if not everybody:
        raise NobodyBelow(kr.ref, what)
    if _LAST_YEAR.search(words) or _LAST.search(words):
        return await _by_last(asking, everybody, goal, words, what)
    return everybody, *split_evenly(asking, everybody, what)


def heads(below: Sequence[Person], unit: Callable[[Person], str]) -> list[Person]:
    """Who leads each unit: of its people the one whose superior is outside of it."""
    by_id = {person.id: person for person in below}
    found: dict[str, Person] = {}
    for person in below:
        name = unit(person)
        above = by_id.get(person.manager_id or 0)
        if name and name not in found and (above is None or unit(above) != name):
            found[name] = person
    return list(found.values())


async def _by_last(
    asking: Asking, everybody: list[Person], goal: Goal, words: str, what: str
) -> tuple[list[Person], Shares, str]:
    """Shares by what each reached in the period before, or in the same one a year ago."""
    objective, kr = goal
    year_ago = bool(_LAST_YEAR.search(words))
    period = _a_year_before(objective) if year_ago else _before(objective)
    said = "去年同期" if year_ago else "上期"
    cycle = await cycles.by_name(asking.session, period)
    amounts: list[Decimal | None] = [None] * len(everybody)
    if cycle is not None:
        found = await objectives.of_owners(
            asking.session, [person.id for person in everybody], cycle.id, (State.ACTIVE, State.CLOSED)
        )
        amounts = [_reached(found, person, kr) for person in everybody]
    if not any(amounts):
        shares, how = split_evenly(asking, everybody, what)
        return everybody, shares, f"{said}({period})没有数,{how}"
    known = sum(amount is not None for amount in amounts)
    gap = "" if known == len(amounts) else f",{len(amounts) - known} 个没有数的按平均"
    return everybody, by_last_period(amounts), f"{what},照{said}({period})的占比{gap}"


def _before(objective: Objective) -> str:
    start = objective.cycle.start
    months = 3 * ((start.month - 1) // 3)
    return f"{start.year}Q{months // 3}" if months else f"{start.year - 1}Q4"


def _a_year_before(objective: Objective) -> str:
    name = objective.cycle.name
    return cycle_of(f"{int(name[:4]) - 1}{name[4:]}").name


def _reached(found: Sequence[Objective], person: Person, kr: KeyResult) -> Decimal | None:
    """The value of the key result of that period whose title is most like this one's, in the same unit."""
    theirs = [
        other
        for objective in found
        if objective.owner_id == person.id
        for other in objective.key_results
        if other.value is not None and other.measure.unit == kr.measure.unit
    ]
    scored = [(SequenceMatcher(None, kr.title, other.title).ratio(), other) for other in theirs]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1].value if best is not None and best[0] >= ALIKE else None


async def how_to_divide(asking: Asking, kr: KeyResult, goal: str) -> Card:
    """Ask for the way; `goal`: what is to be known before."""
    choices = [
        Choice("按门店", f"分解 {kr.ref} 按门店"),
        Choice("按人平均", f"分解 {kr.ref} 按人"),
        Choice("按上期占比", f"分解 {kr.ref} 按上期占比"),
    ]
    eg = await examples_for(asking)
    return question("how_to_divide", choices, about=kr.ref, ref=kr.ref, name=kr_name(kr), goal=goal, eg=eg)
