"""What a handler returns: something for the asker, and letters for anyone else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from chat.card import Card
from chat.events import Account, Conversation
from chat.files import File


class Urgency(IntEnum):
    """What goes first when the month's quota runs short."""

    ANSWER = 0
    DECISION = 1
    COLLABORATION = 2
    WARNING = 3
    REPORT = 4
    PRAISE = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reminder's letter bears: which rule wrote it, about what, how serious it is.

    `facts`: the rule's numbers and thresholds in words, for 为什么收到.
    """

    reminder: str
    subject: str
    variant: str = ""
    level: int = 0
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A card for somebody who did not just ask.

    `to` is an employee's row id (the postman picks the platform), a conversation, or the account of somebody
    who is no employee yet. `once` is its uniqueness: a second letter with the same value is not posted. After `expires_at` it has no point.
    `files` are those of its card, as an answer's.
    `mark`: of a reminder; None where a colleague's deed is its cause.
    """

    to: int | Conversation | Account
    card: Card
    once: str
    urgency: Urgency
    expires_at: datetime | None = None
    files: tuple[File, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Redraw:
    """Another face for the card of a letter that was posted before; `once` is that letter's."""

    once: str
    card: Card


@dataclass(frozen=True, slots=True)
class Answer:
    """`card` answers in the same conversation; None says nothing.

    `in_place`: where a button was pressed, the answer is the pressed card's new face and not another message.
    `restricted`: for the asker's eyes; in a group it goes to the private chat and the group is told so in a line.
    `files` are kept with the card: the one that is `card.picture` is shown in it, each other one follows it.
    """

    card: Card | None = None
    in_place: bool = False
    restricted: bool = False
    letters: tuple[Letter, ...] = ()
    redraws: tuple[Redraw, ...] = ()
    files: tuple[File, ...] = ()
