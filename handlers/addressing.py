"""To whom a goal is handed out: what the words after the template's name say, and who is among those one may address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cards.notices import Choice, notice, question
from chat.card import Card
from handlers.asking import Asking, Misunderstood
from handlers.colleagues import mentioned
from handlers.reading.people import match_people
from handlers.reading.periods import read_period
from okr import permissions
from okr.addressees import EVERYBODY, Trait, meant_by, trait_of
from okr.cycle import Period
from okr.people import Person
from okr.refusals import NoSuchPerson, NotForYou
from storage import people

_APART = re.compile(r"[\s,;、/]+")
_AND = re.compile("(?<=.)[和与跟及](?=.)")
OFFERED = 3


@dataclass(frozen=True, slots=True)
class Addressed:
    """Who is meant. `words`: the same as a button can carry it, `how`: as people read it."""

    people: tuple[Person, ...]
    words: str
    how: str
    period: Period | None = None


async def those_below(asking: Asking) -> Sequence[Person]:
    """Everybody whom the asker may hand a goal to. Raises NotForYou where there is nobody."""
    if permissions.may_assign_to_all(asking.asker, asking.policy):
        scope = await people.everybody(asking.session)
    else:
        scope = await people.below(asking.session, asking.asker)
    scope = [person for person in scope if person.id != asking.asker.id]
    if not scope:
        raise NotForYou("派发目标", "带团队的人、人事或者管理员")
    return scope


async def addressed(asking: Asking, scope: Sequence[Person], words: str, say: str) -> Addressed:
    """Who of the scope is meant. `say`: the command up to here. Raises NoSuchPerson, and Misunderstood where somebody
    is named who is not of it, or nobody that is known.
    """
    traits: dict[str, Trait] = {}
    by_name: dict[int, Person] = {}
    period: Period | None = None
    everybody = False
    for word in _parted(words, scope):
        trait = None if word.startswith("@") else trait_of(word, scope)
        if word in EVERYBODY:
            everybody = True
        elif trait is not None:
            traits[word] = trait
        elif (read := read_period(word, asking.today)) is not None:
            period = read
        else:
            person = await _person(asking, scope, word, words, say)
            by_name[person.id] = person
    for person in await _mentioned(asking, scope, say):
        by_name.setdefault(person.id, person)
    by_trait = meant_by(traits, scope) if traits or everybody else ()
    found = tuple({person.id: person for person in (*by_trait, *by_name.values())}.values())
    if not found:
        raise Misunderstood(to_whom(scope, say, " ".join(traits)))
    said = [*traits, *(["全员"] if everybody else [])]
    parts = [*said, *(person.number for person in by_name.values()), *([period.name] if period else [])]
    how = " ".join([*said, *(person.name for person in list(by_name.values())[:OFFERED])])
    return Addressed(found, " ".join(parts), how, period)


def _parted(words: str, scope: Sequence[Person]) -> list[str]:
    """The words one by one; 王店和李四 are two unless somebody is called so."""
    known = {name for person in scope for name in (person.name, person.unit, person.position)}
    parts: list[str] = []
    for word in _APART.split(words.replace("@", " @")):
        parts += [word] if word.removeprefix("@") in known else _AND.split(word)
    return [part for part in parts if part]


async def _person(asking: Asking, scope: Sequence[Person], word: str, words: str, say: str) -> Person:
    """Whom one word names: a number, a name, a name with something after it."""
    name = word.removeprefix("@")
    fits = match_people(name, scope)
    if len(fits) == 1:
        return fits[0]
    if fits:
        choices = [
            Choice(f"{one.name} {one.unit}"[:20], f"{say} {words.replace(word, one.number, 1)}")
            for one in fits[:6]
        ]
        raise Misunderstood(question("which", choices, what=f"有 {len(fits)} 个{fits[0].name},派给哪一个?"))
    known = await people.by_number(asking.session, name)
    elsewhere = [known] if known is not None else await people.by_name(asking.session, name)
    if elsewhere:
        raise Misunderstood(_not_below(elsewhere[0], say))
    if word.startswith("@"):
        raise NoSuchPerson(name)
    raise Misunderstood(to_whom(scope, say, word))


async def _mentioned(asking: Asking, scope: Sequence[Person], say: str) -> list[Person]:
    """Some platforms tell a mention beside the words and leave nothing of it in them."""
    found: list[Person] = []
    inside = {person.id for person in scope}
    for account in mentioned(asking):
        known = await people.by_account(asking.session, account)
        if known is not None and known.person.id not in inside:
            raise Misunderstood(_not_below(known.person, say))
        if known is not None:
            found.append(known.person)
    return found


def _not_below(person: Person, say: str) -> Card:
    return notice("not_below_you", name=person.name, say=say)


def to_whom(scope: Sequence[Person], say: str, said: str = "") -> Card:
    """Ask for whom, with the positions that most have."""
    counted = Counter(person.position for person in scope if person.position)
    choices = [
        Choice(f"{position} {count} 人"[:20], f"{say} {position}")
        for position, count in counted.most_common(OFFERED)
    ]
    choices.append(Choice(f"全员 {len(scope)} 人", f"{say} 全员"))
    return question("to_whom", choices, said=said[:20], say=say, example=scope[0].name)
