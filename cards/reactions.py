"""Likes and comments: to who said it, and to whose goal it is."""

from __future__ import annotations

from collections.abc import Sequence

from cards.notices import notice
from chat.card import Card


def liked_card(ref: str, name: str, by: str, words: str, likes: int) -> Card:
    """To the owner: what was liked, by whom, and in what words."""
    return notice("liked", about=ref, ref=ref, name=name, by=by, words=words, likes=likes)


def commented_card(ref: str, name: str, by: str, words: str) -> Card:
    return notice("commented", about=ref, ref=ref, name=name, by=by, words=words)


def reacted_card(
    ref: str, name: str, *, what: str, owner: str, words: str, likes: int, comments: Sequence[str] = ()
) -> Card:
    """To who said it. `what`: like · again · comment. `owner`: who is told of it; empty where it is one's own goal."""
    return notice(
        "reacted",
        about=ref,
        ref=ref,
        name=name,
        what=what,
        owner=owner,
        words=words,
        likes=likes,
        comments=comments,
    )
