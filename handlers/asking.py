"""One request to the bot, with all that a handler may look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from chat.answers import Answer
from chat.card import Card
from chat.events import ChatKind, Click, Event, Message, MessageKind
from handlers.settling import Settling
from okr.people import Person
from okr.policy import Policy
from sheets.errors import BadTable
from sheets.table import Table
from storage.session import Session


class Misunderstood(Exception):
    """The words or the button made no sense: `card` says what would; `restricted`: to the asker alone."""

    def __init__(self, card: Card, *, restricted: bool = False) -> None:
        super().__init__(card.face.title)
        self.card = card
        self.restricted = restricted


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks what, when and where. `text` is tidied; `rest` what follows the command word.

    `now` is an aware moment in company time. `confirmed`: the asker has answered what was asked back.
    `about`: the reference of the quoted card's or message's goal, `""` where nothing is quoted.
    """

    event: Event
    asker: Person
    session: Session
    policy: Policy
    now: datetime
    text: str = ""
    rest: str = ""
    confirmed: bool = False
    about: str = ""
    settled: str = ""
    """`覆盖` or `合并`: what is to become of somebody else's changes of the same draft (`handlers.co_writing`)."""
    settling: Settling | None = None
    """The company's settings, for who may change them."""
    knows: int = 0
    """The version of the draft that the asker was shown when he said so; 0 where he said so by himself."""
    table: Table | BadTable | None = None
    """What is in the file that was sent, or why that cannot be read; None where none was, or it could not be fetched."""

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def pressed(self) -> bool:
        """Whether a button was pressed instead of words typed."""
        return isinstance(self.event, Click)

    @property
    def spoken(self) -> bool:
        return isinstance(self.event, Message) and self.event.kind is MessageKind.VOICE

    def saying(self, text: str, *, confirmed: bool = False) -> Asking:
        """The same request in other words: the command that a button, a number or an answer stands for."""
        return replace(self, text=text, rest="", confirmed=confirmed)

    def settles(self, how: str, version: int, text: str) -> Asking:
        """The same request in other words, with what is to become of somebody else's changes."""
        return replace(self, text=text, rest="", settled=how, knows=version)

    def rested(self, rest: str) -> Asking:
        """The same request with these words after its command."""
        return replace(self, rest=rest)

    def about_goal(self, ref: str) -> Asking:
        """The same request about this goal."""
        return replace(self, about=ref, rest="")

    def in_private(self) -> Asking:
        """The same request as if it had been asked in the private chat, where its answer goes: nothing needs covering."""
        event = self.event
        if event.conversation.kind is ChatKind.PRIVATE:
            return self
        return replace(
            self, event=replace(event, conversation=replace(event.conversation, kind=ChatKind.PRIVATE))
        )


def shown(card: Card, *, in_place: bool = False, restricted: bool = False) -> Answer:
    return Answer(card=card, in_place=in_place, restricted=restricted)


SILENCE = Answer()
"""Nothing is to be said, and that is an answer too."""
