"""The parts of a template_card that people press, tick and choose, and why the platform refuses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PARAMETERS = 40058


def bytes_of(text: str) -> int:
    return len(text.encode())


def button_refusals(card: Mapping[str, Any], *, links: bool) -> Iterator[int]:
    buttons = card.get("button_list", [])
    if not 1 <= len(buttons) <= 6:
        yield 42017
    for button in buttons:
        yield from _button_refusals(button, links=links)
    keys = [button["key"] for button in buttons if button.get("type", 0) != 1]
    if len(set(keys)) < len(keys):
        yield 42018


def _button_refusals(button: Mapping[str, Any], *, links: bool) -> Iterator[int]:
    if not button.get("text"):
        yield 42020
    if len(button["text"]) > 10:
        yield 42038
    if button.get("style", 1) not in {1, 2, 3, 4}:
        yield PARAMETERS
    if ("type" in button or "url" in button) and not links:
        yield PARAMETERS
    if button.get("type", 0) == 1:
        if not button.get("url"):
            yield 42028
    elif not button.get("key") or bytes_of(button["key"]) > 1024:
        yield 42039


def choice_refusals(card: Mapping[str, Any], kind: str, option: int, vote_option: int) -> Iterator[int]:
    """The selections of a card; `option` and `vote_option` are the characters that fit an option."""
    selections: list[Mapping[str, Any]] = []
    if kind == "button_interaction" and "button_selection" in card:
        selections = [card["button_selection"]]
    elif kind == "vote_interaction":
        selections = [card["checkbox"]]
    elif kind == "multiple_interaction":
        selections = card["select_list"]
        if not 1 <= len(selections) <= 3:
            yield 42047
    voting = kind == "vote_interaction"
    for selection in selections:
        yield from _option_refusals(
            selection["option_list"], 20 if voting else 10, vote_option if voting else option
        )
    questions = [selection.get("question_key", "") for selection in selections]
    if len(set(questions)) < len(questions) or any(not q or bytes_of(q) > 1024 for q in questions):
        yield 42043
    if kind != "button_interaction":
        yield from _submit_refusals(card.get("submit_button") or {})


def _option_refusals(options: list[Mapping[str, Any]], longest: int, text: int) -> Iterator[int]:
    if not 1 <= len(options) <= longest:
        yield 42037
    ids = [option.get("id", "") for option in options]
    if len(set(ids)) < len(ids) or any(not i or bytes_of(i) > 128 for i in ids):
        yield 42040
    if any(not option.get("text") or len(option["text"]) > text for option in options):
        yield 42041


def _submit_refusals(button: Mapping[str, Any]) -> Iterator[int]:
    if not button.get("key") or bytes_of(button["key"]) > 1024:
        yield 42046
    if len(button.get("text", "提交")) > 10:
        yield 42049
