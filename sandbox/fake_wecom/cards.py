"""What a template_card must be, in both dialects: the first reason for which the platform refuses it.

Stricter than the platform where that only cuts text off: a card that does not fit is a mistake of its maker.
Sources: developer.work.weixin.qq.com 90236 (app), 101032 (robot), 91770 (webhook), 90313 (codes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.fake_wecom.card_choices import button_refusals, bytes_of, choice_refusals

OK = 0
PARAMETERS = 40058
NOTICES = frozenset({"text_notice", "news_notice"})
INTERACTIVE = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")

_SHARED = frozenset(
    {
        "card_type",
        "source",
        "action_menu",
        "main_title",
        "quote_area",
        "sub_title_text",
        "horizontal_content_list",
        "jump_list",
        "card_action",
        "task_id",
    }
)
_OWN = {
    "text_notice": frozenset({"emphasis_content"}),
    "news_notice": frozenset({"image_text_area", "card_image", "vertical_content_list"}),
    "button_interaction": frozenset({"button_selection", "button_list", "replace_text"}),
    "vote_interaction": frozenset({"checkbox", "submit_button", "replace_text"}),
    "multiple_interaction": frozenset({"select_list", "submit_button", "replace_text"}),
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """Who reads the card, and what fits, in characters."""

    types: frozenset[str]
    source: int
    title: int
    desc: int
    sub_title: int
    value: int
    jump: int
    vertical: tuple[int, int]
    option: int
    vote_option: int
    attachments: bool
    link_buttons: bool
    needs_title: bool


APP = Dialect(NOTICES | INTERACTIVE, 20, 36, 44, 160, 30, 18, (38, 160), 16, 17, True, True, False)
ROBOT = Dialect(NOTICES | INTERACTIVE, 13, 26, 30, 112, 26, 13, (26, 112), 10, 11, False, False, True)
WEBHOOK = Dialect(NOTICES, 13, 26, 30, 112, 26, 13, (26, 112), 10, 11, True, False, True)


def takes_callbacks(card: Mapping[str, Any]) -> bool:
    return card.get("card_type") in INTERACTIVE or "action_menu" in card


def refusal(card: Any, dialect: Dialect, *, update: bool = False) -> int:
    """An error code, or 0. An update may leave the task_id out: it is that of the updated card."""
    if not isinstance(card, Mapping):
        return PARAMETERS
    try:
        return next(_refusals(card, dialect, update=update), OK)
    except (TypeError, AttributeError, KeyError):
        return PARAMETERS


def _refusals(card: Mapping[str, Any], dialect: Dialect, *, update: bool) -> Iterator[int]:
    kind = card.get("card_type")
    if kind not in dialect.types:
        yield 42031
        return
    if not set(card) <= _SHARED | _OWN[kind]:
        yield PARAMETERS
    task_id = card.get("task_id")
    if task_id is None and takes_callbacks(card) and not update:
        yield 42014
    if task_id is not None and not _TASK_ID.fullmatch(task_id):
        yield 42014
    yield from _title_refusals(card, kind, dialect)
    yield from _list_refusals(card, dialect)
    yield from _link_refusals(card, kind)
    yield from _menu_refusals(card)
    if kind == "news_notice":
        yield from _news_refusals(card, dialect)
    if kind == "button_interaction":
        yield from button_refusals(card, links=dialect.link_buttons)
    if kind in INTERACTIVE:
        yield from choice_refusals(card, kind, dialect.option, dialect.vote_option)


def _title_refusals(card: Mapping[str, Any], kind: str, dialect: Dialect) -> Iterator[int]:
    main = card.get("main_title") or {}
    title = main.get("title", "")
    if kind == "text_notice" and not title and not card.get("sub_title_text"):
        yield 42033
    if dialect.needs_title and kind != "text_notice" and not title:
        yield 42033
    if len(title) > dialect.title:
        yield 42033
    emphasis = card.get("emphasis_content") or {}
    limited = (
        (main.get("desc", ""), dialect.desc),
        (card.get("sub_title_text", ""), dialect.sub_title),
        ((card.get("source") or {}).get("desc", ""), dialect.source),
        (emphasis.get("title", ""), 10),
        (emphasis.get("desc", ""), 15),
    )
    if any(len(text) > limit for text, limit in limited):
        yield PARAMETERS


def _list_refusals(card: Mapping[str, Any], dialect: Dialect) -> Iterator[int]:
    facts = card.get("horizontal_content_list", [])
    if len(facts) > 6:
        yield 42035
    for fact in facts:
        yield from _fact_refusals(fact, dialect)
    jumps = card.get("jump_list", [])
    if len(jumps) > 3:
        yield 42042
    for jump in jumps:
        if not jump.get("title") or len(jump["title"]) > dialect.jump:
            yield 42033
        yield from _target_refusals(jump)


def _fact_refusals(fact: Mapping[str, Any], dialect: Dialect) -> Iterator[int]:
    if not fact.get("keyname") or len(fact["keyname"]) > 5:
        yield 42027
    if len(fact.get("value", "")) > dialect.value:
        yield PARAMETERS
    kind = fact.get("type", 0)
    if kind not in {0, 1, 2, 3} or (kind == 2 and not dialect.attachments):
        yield PARAMETERS
    if kind == 1 and not fact.get("url"):
        yield 42028
    if kind == 2 and not fact.get("media_id"):
        yield 42029
    if kind == 3 and not fact.get("userid"):
        yield 42050


def _link_refusals(card: Mapping[str, Any], kind: str) -> Iterator[int]:
    action = card.get("card_action")
    if kind in NOTICES and not (action and action.get("type") in {1, 2}):
        yield 42045
    if action:
        yield from _target_refusals(action)


def _target_refusals(target: Mapping[str, Any]) -> Iterator[int]:
    if target.get("type") == 1 and not target.get("url"):
        yield 42028
    if target.get("type") == 2 and not target.get("appid"):
        yield 42030


def _menu_refusals(card: Mapping[str, Any]) -> Iterator[int]:
    if "action_menu" not in card:
        return
    actions = card["action_menu"]["action_list"]
    keys = [action.get("key", "") for action in actions]
    if not 1 <= len(actions) <= 3:
        yield PARAMETERS
    if len(set(keys)) < len(keys) or any(not key or bytes_of(key) > 1024 for key in keys):
        yield 42051


def _news_refusals(card: Mapping[str, Any], dialect: Dialect) -> Iterator[int]:
    if "image_text_area" not in card and not (card.get("card_image") or {}).get("url"):
        yield 42044
    rows = card.get("vertical_content_list", [])
    if len(rows) > 4:
        yield 42036
    title, desc = dialect.vertical
    if any(len(row.get("title", "")) > title or len(row.get("desc", "")) > desc for row in rows):
        yield 42033
