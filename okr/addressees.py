"""Who is meant by words such as 华东区 店长: units, store types, grades and positions (docs/rules/templates.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, auto

from okr.people import Person, is_in_unit

EVERYBODY = frozenset({"全员", "所有人", "大家", "全部", "所有"})


class Trait(Enum):
    """What of a person a word may name. The first that somebody has is the one that is meant."""

    UNIT = auto()
    STORE_TYPE = auto()
    GRADE = auto()
    POSITION = auto()
    PART_OF_POSITION = auto()
    """主管 for 生鲜主管, where nobody is simply 主管."""


_FITS: Mapping[Trait, Callable[[str, Person], bool]] = {
    Trait.UNIT: lambda word, person: is_in_unit(person, word),
    Trait.STORE_TYPE: lambda word, person: word == person.store_type,
    Trait.GRADE: lambda word, person: word.casefold() == person.grade.casefold(),
    Trait.POSITION: lambda word, person: word == person.position,
    Trait.PART_OF_POSITION: lambda word, person: len(word) > 1 and word in person.position,
}


def trait_of(word: str, people: Iterable[Person]) -> Trait | None:
    """What a word names among these people; None where it names nothing of theirs."""
    everybody = tuple(people) if word else ()
    return next((trait for trait in Trait if any(_FITS[trait](word, person) for person in everybody)), None)


def meant_by(words: Mapping[str, Trait], people: Sequence[Person]) -> tuple[Person, ...]:
    """Those whom the words fit: one of the words of each trait (华东区 华南区 店长: the 店长 of both)."""
    wanted: dict[Trait, list[str]] = {}
    for word, trait in words.items():
        wanted.setdefault(trait, []).append(word)
    return tuple(
        person
        for person in people
        if all(any(_FITS[trait](word, person) for word in some) for trait, some in wanted.items())
    )
