"""From a platform's directory to the company's: the path of each unit, and whose direct superior is who (docs/rules/directory.md).

A person's superior is whom the directory names; else the head of the own unit; else, and for the head himself, the head of the
next unit above that has one. Where nobody is named all the way up the directory does not know, and what is on file stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DEEPEST = 20
"""Units above one another; a loop ends there."""
LONGEST_PATH = 255
ALWAYS = 2
"""So many may leave at once however small the company is."""


@dataclass(frozen=True, slots=True)
class DirectoryRule:
    """What a company decides about its directories. `order`: whose word counts for people who are on both platforms."""

    nightly: bool = True
    """Once a directory has been pulled by hand it is kept up, every night and with every change."""
    order: tuple[str, ...] = ("dingtalk", "wecom")
    most_leavers: float = 0.1
    """More of its people than this do not leave at once without an administrator's word."""
    rosters: bool = False
    """Whether the store staff's shifts come from DingTalk's attendance."""
    contacts_count: bool = False
    """Whether calls of DingTalk's contacts count towards the month; its pages say that they do not."""


@dataclass(frozen=True, slots=True)
class Node:
    """A unit: its name and the key of the one above."""

    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits. `manager`: the key of whom the directory names, empty for nobody."""

    unit: str
    leads: frozenset[str] = frozenset()
    manager: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What comes of it. `path`: empty where it is not known. `superior`: None where the directory does not know, empty for
    nobody: whoever closes a loop has none.
    """

    path: str
    superior: str | None


def places(nodes: Mapping[str, Node], seats: Mapping[str, Seat]) -> dict[str, Place]:
    """The place of everybody, by the key of the seat."""
    heads: dict[str, list[str]] = defaultdict(list)
    for who in sorted(seats, key=lambda one: (one not in _at_home(seats, one), one)):
        for unit in seats[who].leads:
            heads[unit].append(who)
    found = {
        who: Place(path_of(nodes, seat.unit), _superior(who, seat, nodes, seats, heads))
        for who, seat in seats.items()
    }
    for who in _loop_ends(found):
        found[who] = Place(found[who].path, "")
    return found


def _at_home(seats: Mapping[str, Seat], who: str) -> tuple[str, ...]:
    """Who leads the unit he sits in comes before who leads it from elsewhere."""
    return (who,) if seats[who].unit in seats[who].leads else ()


def path_of(nodes: Mapping[str, Node], unit: str) -> str:
    """The names from the top down; empty where the unit or a name on the way is not known, or it is too long to keep."""
    names = [nodes[key].name.strip().replace("/", "／") for key in _upwards(nodes, unit)]
    path = "/".join(reversed(names))
    return path if all(names) and len(path) <= LONGEST_PATH else ""


def _upwards(nodes: Mapping[str, Node], unit: str) -> list[str]:
    way: list[str] = []
    while unit in nodes and unit not in way and len(way) < DEEPEST:
        way.append(unit)
        unit = nodes[unit].parent
    return way


def _superior(
    who: str,
    seat: Seat,
    nodes: Mapping[str, Node],
    seats: Mapping[str, Seat],
    heads: Mapping[str, Sequence[str]],
) -> str | None:
    if seat.manager in seats and seat.manager != who:
        return seat.manager
    for unit in _upwards(nodes, seat.unit):
        leading = heads.get(unit, ())
        if leading and who not in leading:
            return leading[0]
    return None


def _loop_ends(found: Mapping[str, Place]) -> list[str]:
    """Of every loop the one who sits highest."""
    ends: list[str] = []
    settled: set[str] = set()
    for start in sorted(found):
        way: list[str] = []
        at: str | None = start
        while at and at in found and at not in settled and at not in way:
            way.append(at)
            at = found[at].superior
        if at in way:
            loop = way[way.index(at) :]
            ends.append(min(loop, key=lambda one: (found[one].path.count("/"), one)))
        settled.update(way)
    return ends


def too_many(leaving: int, known: int, most: float) -> bool:
    """Whether so many do not leave at once: more likely somebody hid them, or half an answer was taken for a whole one."""
    return leaving > max(ALWAYS, int(known * most))
