"""A face in DingTalk's forms: Markdown, action card, interactive card. Pure.

The Markdown of messages knows headings, bold, quotes and lists, no tables; a line breaks after two spaces.
Buttons of an action card send their command as the person who presses them.
Source: open.dingtalk.com, "robot message types", "create and deliver cards".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from chat.card import Button, ButtonStyle, Card, Face, written_choices
from chat.events import PlatformName

TEXT_BYTES = 12_000
"""A message takes 15 000 bytes as JSON; the rest is for escapes and buttons."""
CARD_BYTES = 8_000
"""The sources disagree about one value of a card, between 1 KB and 100 KB; cards of several KB are in use."""
TITLE = 60
"""Characters of a title, which is also the notification."""
CARD_BUTTONS = 8
ACTION_CARD_BUTTONS = 5

_BREAK = "  \n"
_COLORS = {ButtonStyle.PLAIN: "gray", ButtonStyle.PRIMARY: "blue", ButtonStyle.DANGER: "red"}


def face_of(card: Card) -> Face:
    return card.on(PlatformName.DINGTALK)


# --- messages ---------------------------------------------------------------------------------------


def markdown(face: Face, *, choices: bool) -> dict[str, str]:
    """`{title, text}`; with `choices` the buttons are written out as a line."""
    return {"title": _title(face), "text": _text(face, choices=choices)}


def action_card(face: Face) -> dict[str, Any]:
    """The session's action card: one button has fields of its own, several are a list."""
    card: dict[str, Any] = markdown(face, choices=False)
    if len(face.buttons) == 1:
        return {**card, "singleTitle": face.buttons[0].label, "singleURL": _sends(face.buttons[0])}
    buttons = [{"title": button.label, "actionURL": _sends(button)} for button in face.buttons]
    return {**card, "btnOrientation": "0", "btns": buttons}


def sample_action_card(face: Face) -> tuple[str, dict[str, str]]:
    """The pushed action card as msgKey and msgParam; their names count the buttons."""
    param = markdown(face, choices=False)
    if len(face.buttons) == 1:
        param |= {"singleTitle": face.buttons[0].label, "singleURL": _sends(face.buttons[0])}
        return "sampleActionCard", param
    for number, button in enumerate(face.buttons, 1):
        param |= {f"actionTitle{number}": button.label, f"actionURL{number}": _sends(button)}
    return f"sampleActionCard{len(face.buttons)}", param


def fits_action_card(face: Face) -> bool:
    return 1 <= len(face.buttons) <= ACTION_CARD_BUTTONS


def fits_card(face: Face) -> bool:
    return 1 <= len(face.buttons) <= CARD_BUTTONS


# --- interactive cards ------------------------------------------------------------------------------


def card_params(face: Face) -> dict[str, str]:
    """The variables of the "Markdown and buttons" template. Every value is a string.

    Every variable is always there, so that a redrawn card keeps nothing of what it was, not even a button.
    """
    body = _text(replace(face, title="", why=""), choices=False, limit=CARD_BYTES)
    buttons = {"msgButtons": [_card_button(button) for button in face.buttons[:CARD_BUTTONS]]}
    return {
        "title": face.title,
        "markdown": body,
        "tips": face.why,
        "sys_full_json_obj": json.dumps(buttons, ensure_ascii=False),
    }


def redrawn(card: Card) -> str:
    """The acknowledgement's data that redraws the pressed card for everybody who sees it."""
    response = {
        "cardData": {"cardParamMap": card_params(face_of(card))},
        "cardUpdateOptions": {"updateCardDataByKey": True},
    }
    return json.dumps({"response": response}, ensure_ascii=False)


def update(ref: str, card: Card) -> dict[str, Any]:
    """The body that redraws a card later."""
    return {
        "outTrackId": ref,
        "cardData": {"cardParamMap": card_params(face_of(card))},
        "cardUpdateOptions": {"updateCardDataByKey": True},
    }


def delivery(
    face: Face, ref: str, *, template_id: str, robot_code: str, user_id: str = "", group_id: str = ""
) -> dict[str, Any]:
    """The body that creates a card and delivers it to one person, or to a group where `group_id` is given."""
    space, name = ("IM_GROUP", "imGroup") if group_id else ("IM_ROBOT", "imRobot")
    deliver = {"robotCode": robot_code} if group_id else {"spaceType": space, "robotCode": robot_code}
    payload: dict[str, Any] = {
        "cardTemplateId": template_id,
        "outTrackId": ref,
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": card_params(face)},
        "openSpaceId": f"dtv1.card//{space}.{group_id or user_id}",
        f"{name}OpenSpaceModel": {"supportForward": False, "lastMessageI18n": {"ZH_CN": _title(face)}},
        f"{name}OpenDeliverModel": deliver,
        "userIdType": 1,
    }
    if user_id:
        payload["userId"] = user_id
    return payload


def _card_button(button: Button) -> Mapping[str, Any]:
    # Templates differ in which of the two comes back, the id or the parameters: both carry the action.
    return {
        "text": button.label,
        "color": _COLORS[button.style],
        "id": button.action,
        "request": True,
        "params": {"action": button.action},
    }


# --- words ------------------------------------------------------------------------------------------


def _sends(button: Button) -> str:
    return f"dtmd://dingtalkclient/sendMessage?content={quote(button.say, safe='')}"


def _title(face: Face) -> str:
    return face.title if len(face.title) <= TITLE else face.title[: TITLE - 1] + "…"


def _text(face: Face, *, choices: bool, limit: int = TEXT_BYTES) -> str:
    """At most `limit` bytes: lines of the body go first, so that choices and hint stay."""
    text, lines = _composed(face, choices=choices), face.lines
    while len(text.encode()) > limit and lines:
        lines = lines[:-1]
        text = _composed(replace(face, lines=(*lines, "…")), choices=choices)
    raw = text.encode()
    return text if len(raw) <= limit else raw[: limit - 3].decode(errors="ignore") + "…"


def _composed(face: Face, *, choices: bool) -> str:
    body = [face.subtitle] if face.subtitle else []
    if face.emphasis:
        figure, meaning = face.emphasis
        body.append(f"**{figure}** {meaning}".strip() if figure else meaning)
    body += face.lines
    body += [f"{fact.name}:{fact.value}" for fact in face.facts]
    asides = [written_choices(face)] if choices and face.buttons else []
    quoted = [f"> {words}" for words in (face.hint, face.why) if words]
    paragraphs = [f"### {face.title}"] if face.title else []
    paragraphs += [_BREAK.join(part) for part in (body, asides, quoted) if part]
    return "\n\n".join(paragraphs)
