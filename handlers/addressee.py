"""Who is asked for something, and what: `@李四 需要客流数据`, with the mention in the words or beside them."""

from __future__ import annotations

from collections.abc import Callable

from cards.actions import fits
from cards.notices import Choice, question
from chat.card import Card
from chat.events import Account
from handlers.asking import Asking, Misunderstood
from handlers.colleagues import mentioned
from handlers.reading.people import find_people
from okr.people import Person
from okr.refusals import NoSuchPerson
from storage import people

Say = Callable[[str, str], str]
"""The command that asks a person, by employee number, for these words."""
_TITLES = "长总姐哥"
"""May follow a name and belongs to it: 王店长."""
_BETWEEN = " ,、和"


async def addressee(asking: Asking, words: str, say: Say) -> tuple[Person | None, str]:
    """Who is asked, and the words without the name; None where nobody is named.

    Raises NoSuchPerson; Misunderstood where two have the name, or several are mentioned at once.
    """
    if accounts := mentioned(asking):
        return await _mentioned(asking, accounts, words, say)
    written = await _written(asking, words)
    if not written:
        return await _bare_name(asking, words, say)
    named = _together(words, written)
    rest = words[: named[0][0]] + words[named[-1][1] :]
    if len(named) > 1:
        found = [person for _, _, name in named for person in (await _called(asking, name))[:1]]
        raise Misunderstood(_which(found, _joined(rest), say, "一次请一位,先请哪一位?"))
    start, end, name = written[0]
    found = await _called(asking, name)
    if not found:
        raise NoSuchPerson(name)
    left = _left_of(name, found[0])
    rest = _joined(words[:start], left + words[end:])
    return _only(found, rest, say), rest


async def _mentioned(
    asking: Asking, accounts: tuple[Account, ...], words: str, say: Say
) -> tuple[Person | None, str]:
    """The platform tells who is mentioned, and not where in the words."""
    known: dict[int, Person] = {}
    for account in accounts:
        one = await people.by_account(asking.session, account)
        if one is None:
            raise NoSuchPerson(account.name or "这个人")
        known[one.person.id] = one.person
    for start, end, name in reversed(find_people(words)):
        if any(name.startswith(person.name) or name == person.number for person in known.values()):
            owner = next(p for p in known.values() if name.startswith(p.name) or name == p.number)
            words = words[:start] + _left_of(name, owner) + words[end:]
    rest = _joined(words)
    if len(known) > 1:
        raise Misunderstood(_which(list(known.values()), rest, say, "一次请一位,先请哪一位?"))
    return next(iter(known.values())), rest


async def _bare_name(asking: Asking, words: str, say: Say) -> tuple[Person | None, str]:
    """A name without @ where the words begin, or all alone at their end: the answer to who it is to be."""
    first, _, after = words.partition(" ")
    if first and (found := await people.by_name(asking.session, first)):
        rest = _joined(_left_of(first, found[0]), after)
        return _only(found, rest, say), rest
    before, _, last = words.rpartition(" ")
    if before and (found := await people.by_name(asking.session, last)) and last == found[0].name:
        return _only(found, before, say), before
    return None, words


async def _written(asking: Asking, words: str) -> list[tuple[int, int, str]]:
    """Who is named by @ or by a number that is somebody's: `SKU88` is nobody."""
    return [
        (start, end, name)
        for start, end, name in find_people(words)
        if words[start] == "@" or await people.by_number(asking.session, name) is not None
    ]


def _together(words: str, written: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The first that is named, and who is named right beside; a name further on belongs to what is wanted."""
    named = written[:1]
    for one in written[1:]:
        if words[named[-1][1] : one[0]].strip(_BETWEEN):
            break
        named.append(one)
    return named


async def _called(asking: Asking, name: str) -> list[Person]:
    by_number = await people.by_number(asking.session, name)
    return [by_number] if by_number is not None else await people.by_name(asking.session, name)


def _only(found: list[Person], rest: str, say: Say) -> Person:
    if len(found) > 1:
        what = f"有 {len(found)} 个{found[0].name},请哪一个?"
        raise Misunderstood(_which(found, rest, say, what))
    return found[0]


def _which(found: list[Person], rest: str, say: Say, what: str) -> Card:
    choices = []
    for person in found[:6]:
        whole = say(person.number, rest)
        choices.append(
            Choice(f"{person.name} {person.unit}"[:20], whole if fits(whole) else say(person.number, ""))
        )
    return question("which", choices, what=what)


def _left_of(name: str, person: Person) -> str:
    """What ran into a name: 需要数据 of 李四需要数据; nothing of 王店长."""
    if name.lower() == person.number.lower():
        return ""
    left = name[len(person.name) :]
    return "" if len(left) == 1 and left in _TITLES else left


def _joined(*parts: str) -> str:
    return " ".join(" ".join(parts).split()).strip(" ,。")
