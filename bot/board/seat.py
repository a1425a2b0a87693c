"""Where somebody sits who is signed in: the conversation that what is done at the board belongs to."""

from __future__ import annotations

from datetime import datetime

from chat.events import Account, ChatKind, Conversation, Event, PlatformName
from okr.people import Person


def account_of(person: Person) -> Account:
    return Account(PlatformName.BOARD, person.number, person.name)


def place_of(person: Person, *, wall: bool = False) -> Conversation:
    """A private chat with the bot; a wall, which everybody in the room reads, is as a group."""
    return Conversation(PlatformName.BOARD, person.number, ChatKind.GROUP if wall else ChatKind.PRIVATE)


def looking(person: Person, now: datetime, *, wall: bool = False) -> Event:
    return Event("", now, account_of(person), place_of(person, wall=wall))
