"""The way to the board, for cards: an address that signs its reader in once, or only leads there."""

from __future__ import annotations

from datetime import datetime

from chat.events import Account, ChatKind, PlatformName
from handlers.asking import Asking
from okr.policy import Policy
from storage import board_sessions, people
from storage.session import Session

HOME = "/board"


async def board_link(asking: Asking, page: str = HOME) -> str:
    """An address of a page of the board (`/board/…`) for an answer here; empty where people cannot reach the board.

    In a private chat it signs the asker in, once, within a quarter of an hour. In a group, where anybody might tap it,
    it only leads there, and the board asks who it is.
    """
    sender = asking.event.sender
    signed_in = sender.platform is PlatformName.BOARD or not sender.user_id
    if not asking.policy.board or signed_in or asking.event.conversation.kind is ChatKind.GROUP:
        return board_address(asking, page)
    token = await board_sessions.make_link(asking.session, asking.asker.id, sender, page, asking.now)
    return f"{asking.policy.board}{HOME}/in/{token}"


async def link_for(session: Session, account: Account, policy: Policy, now: datetime) -> str:
    """The same for an account that has not been asked anything; empty for a stranger's."""
    known = await people.by_account(session, account)
    if known is None or not policy.board:
        return ""
    token = await board_sessions.make_link(session, known.person.id, account, HOME, now)
    return f"{policy.board}{HOME}/in/{token}"


def board_address(asking: Asking, page: str = HOME) -> str:
    """The same for a card that may be opened much later, such as a letter's: it signs nobody in."""
    return f"{asking.policy.board}{page}" if asking.policy.board else ""
