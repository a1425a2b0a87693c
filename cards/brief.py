"""What a reminder says to everybody in the same words, where the month's budget leaves no card for each."""

from __future__ import annotations

from cards.templating import render
from chat.card import Card

HOME = "/board"


def brief_card(template: str, board: str) -> Card:
    """`board`: where people reach the board, empty where they cannot."""
    return render(f"reminders/{template}", board=f"{board}{HOME}" if board else "")
