"""Where business data come from: how fetching a source once more went."""

from __future__ import annotations

from cards.notices import notice
from chat.card import Card


def pulled_card(source: str, *, trouble: str, unmapped: int, example: str) -> Card:
    """`trouble`: why it failed, in words; empty where it went well."""
    return notice("source_pulled", source=source, trouble=trouble, unmapped=unmapped, example=example)
