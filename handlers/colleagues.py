"""Which colleague a mention, a name or a number means."""

from __future__ import annotations

from cards.notices import Choice, question
from chat.events import Account, Message
from handlers.asking import Asking, Misunderstood
from handlers.reading.people import find_people
from okr.people import Person
from okr.refusals import NoSuchPerson
from storage import people


def mentioned(asking: Asking) -> tuple[Account, ...]:
    """Some platforms tell a mention beside the words and leave nothing of it in them."""
    return asking.event.mentions if isinstance(asking.event, Message) else ()


async def meant_person(asking: Asking, words: str, say: str, what: str = "是哪一个") -> Person | None:
    """The one person that is meant, None where nobody is; asks where two have the name: `say` goes before the number."""
    accounts, bare = mentioned(asking), words.strip(" @")
    if len(accounts) == 1 and not (bare and bare.isascii()):
        known = await people.by_account(asking.session, accounts[0])
        if known is not None:
            return known.person
    written = find_people(words)
    name = written[0][2] if written else words.split(maxsplit=1)[0] if words.split() else ""
    by_number = await people.by_number(asking.session, name)
    if by_number is not None:
        return by_number
    found = await people.by_name(asking.session, name.lstrip("@"))
    if len(found) > 1:
        choices = [
            Choice(f"{person.name} {person.unit}"[:20], f"{say} {person.number}") for person in found[:6]
        ]
        raise Misunderstood(question("which", choices, what=f"有 {len(found)} 个{found[0].name},{what}?"))
    if written and not found:
        raise NoSuchPerson(name.lstrip("@"))
    return found[0] if found else None


async def colleague(asking: Asking, words: str, say: str) -> Person:
    """The same, where there has to be one. Raises NoSuchPerson."""
    person = await meant_person(asking, words, say)
    if person is None:
        raise NoSuchPerson(words.strip(" @")[:20] or "这个人")
    return person
