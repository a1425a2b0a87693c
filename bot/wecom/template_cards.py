"""A face as a WeCom `template_card`, inside the limits of whom it is for.

The app and the robot share the field names; the robot's limits are narrower. A longer text is only cut off
by the client, but a list that is too long or a key used twice is refused, so both are kept here.
Sources: developer.work.weixin.qq.com 90236 (app), 101032 (robot).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.wecom.wording import cut_to_characters
from chat.card import Button, ButtonStyle, Face

FACTS = 6
BUTTONS = 6
BUTTON_LABEL = 10
FACT_NAME = 5
LINK = "网页"

HOME = "https://work.weixin.qq.com/"
"""Where a card without buttons leads: the platform demands an address."""

_STYLES = {ButtonStyle.PLAIN: 2, ButtonStyle.PRIMARY: 1, ButtonStyle.DANGER: 3}


@dataclass(frozen=True, slots=True)
class Dialect:
    """Limits in characters."""

    title: int
    desc: int
    sub_title: int
    fact_value: int
    emphasis: tuple[int, int]


APP = Dialect(title=36, desc=44, sub_title=160, fact_value=30, emphasis=(10, 15))
ROBOT = Dialect(title=26, desc=30, sub_title=112, fact_value=26, emphasis=(10, 15))


def template_card(face: Face, ref: str, dialect: Dialect, *, page: str = HOME) -> dict[str, Any]:
    """A `button_interaction` where there is something to press, else a `text_notice` that leads to `page`.

    `ref` becomes the task_id: unique among all cards of the app, the same for the redrawn card.
    """
    card: dict[str, Any] = {
        "card_type": "button_interaction" if face.buttons else "text_notice",
        "task_id": ref,
        "main_title": _main_title(face, dialect),
    }
    if face.emphasis and not face.buttons:
        figure, meaning = face.emphasis
        card["emphasis_content"] = {
            "title": cut_to_characters(figure, dialect.emphasis[0]),
            "desc": cut_to_characters(meaning, dialect.emphasis[1]),
        }
    if sub_title := "\n".join(_sub_title_lines(face, dialect)):
        card["sub_title_text"] = cut_to_characters(sub_title, dialect.sub_title)
    facts: list[dict[str, Any]] = [
        {
            "keyname": cut_to_characters(fact.name, FACT_NAME),
            "value": cut_to_characters(fact.value, dialect.fact_value),
        }
        for fact in face.facts[: _room(face)]
    ]
    if face.link:
        label, address = face.link
        shown = cut_to_characters(label, dialect.fact_value)
        facts.append({"keyname": LINK, "value": shown, "type": 1, "url": address})
    if facts:
        card["horizontal_content_list"] = facts
    if face.buttons:
        card["button_list"] = [_button(button) for button in _distinct(face.buttons)]
    else:
        card["card_action"] = {"type": 1, "url": face.link[1] if face.link else page}
    return card


def _room(face: Face) -> int:
    """How many facts there is room for: a link takes the place of one."""
    return FACTS - 1 if face.link else FACTS


def _main_title(face: Face, dialect: Dialect) -> dict[str, str]:
    title = {"title": cut_to_characters(face.title, dialect.title)}
    if face.subtitle:
        title["desc"] = cut_to_characters(face.subtitle, dialect.desc)
    return title


def _sub_title_lines(face: Face, dialect: Dialect) -> Iterator[str]:
    """Everything that has no place of its own, and what was cut off elsewhere."""
    if len(face.title) > dialect.title:
        yield face.title
    if face.emphasis and face.buttons:
        yield " ".join(part for part in face.emphasis if part)
    for line in face.lines:
        yield line.replace("**", "")
    for fact in face.facts[_room(face) :]:
        yield f"{fact.name} {fact.value}"
    if face.hint:
        yield face.hint
    if face.why:
        yield face.why


def _distinct(buttons: tuple[Button, ...]) -> list[Button]:
    """The first six with different keys: a key that stands twice makes the platform refuse the card."""
    distinct: dict[str, Button] = {}
    for button in buttons:
        distinct.setdefault(button.action, button)
    return list(distinct.values())[:BUTTONS]


def _button(button: Button) -> dict[str, Any]:
    return {
        "text": cut_to_characters(button.label, BUTTON_LABEL),
        "style": _STYLES[button.style],
        "key": button.action,
    }
