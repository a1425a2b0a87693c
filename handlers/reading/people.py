"""Names and employee numbers as they were written, and whom they may mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from handlers.reading.ids import find_refs
from handlers.reading.normal import fold, narrow


class Named(Protocol):
    """Anybody who goes by a name, an employee number and perhaps a position."""

    @property
    def name(self) -> str: ...

    @property
    def number(self) -> str: ...

    @property
    def position(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PersonName:
    id: int
    name: str
    number: str
    position: str = ""
    department: str = ""


Person = TypeVar("Person", bound=Named)

_MENTION = re.compile(r"@ ?(?P<name>[\w·.-]+)")
_NUMBER = re.compile(r"(?<![A-Za-z0-9_@])[A-Za-z]{1,5}[0-9]{2,12}(?![A-Za-z0-9_])")
_FAMILIAR = "小老阿大"


def find_people(text: str) -> list[tuple[int, int, str]]:
    """Everybody named by `@姓名` or employee number, in order: start, end and the words without @."""
    plain = narrow(text)
    found = [(match.start(), match.end(), match["name"]) for match in _MENTION.finditer(plain)]
    taken = [span[:2] for span in found]
    taken += [(start, end) for start, end, ref in find_refs(plain) if ref.kind != "E"]
    found += [
        (match.start(), match.end(), match[0])
        for match in _NUMBER.finditer(plain)
        if not any(start <= match.start() < end for start, end in taken)
    ]
    return sorted(found)


def match_people(written: str, candidates: Sequence[Person]) -> list[Person]:
    """Whom a written name may mean, by the surest reading that fits anybody; among several the asker chooses.

    The name itself; the employee number; a name with something after it (王店长, 李四需要), the longest; the
    family name with the position (王店长 for 王芳); 小张 for somebody called 张; a part of a name.
    """
    word = fold(written).removeprefix("@")
    if not word:
        return []
    for fits in _READINGS:
        found = [person for person in candidates if fits(word, person)]
        if found:
            longest = max(len(person.name) for person in found)
            return [p for p in found if len(p.name) == longest] if fits is _name_first else found
    return []


def named_in(text: str, candidates: Sequence[Person]) -> list[Person]:
    """Everybody whose whole name stands somewhere in a sentence, in the order named."""
    plain = fold(text)
    places = [
        (plain.find(fold(person.name)), n) for n, person in enumerate(candidates) if len(person.name) > 1
    ]
    return [candidates[n] for place, n in sorted(places) if place >= 0]


def _name(word: str, person: Named) -> bool:
    return word == fold(person.name)


def _number(word: str, person: Named) -> bool:
    return word == fold(person.number)


def _name_first(word: str, person: Named) -> bool:
    return len(person.name) > 1 and word.startswith(fold(person.name))


def _family_and_position(word: str, person: Named) -> bool:
    position = fold(person.position)
    title = word[1:]
    return len(title) > 1 and word[0] == person.name[:1] and (position.endswith(title) or title in position)


def _familiar(word: str, person: Named) -> bool:
    return len(word) == 2 and word[0] in _FAMILIAR and person.name.startswith(word[1])


def _part(word: str, person: Named) -> bool:
    return len(word) > 1 and word in fold(person.name)


_READINGS: tuple[Callable[[str, Named], bool], ...] = (
    _name,
    _number,
    _name_first,
    _family_and_position,
    _familiar,
    _part,
)
