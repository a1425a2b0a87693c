"""A file that follows an answer as a message of its own."""

from __future__ import annotations

from dataclasses import replace

from cards.templating import render
from chat.card import Card


def enclosed(ref: str, name: str) -> Card:
    """`ref` of a kept file. What is said where only an address can be given, and where nothing can."""
    return replace(render("enclosed", in_words="enclosed_in_words", name=name), file=ref)
