"""A card in each of DingTalk's forms. Pure.

An interactive card is redrawn in place and tells who pressed what. An action card's buttons send the typed command as
the person who taps them. Markdown and plain text number the choices.

A card comes here with its picture and file as what a form can show: an address or a media id in place of our reference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.dingtalk import wording
from chat.card import Button, ButtonStyle, Card

_COLOURS = {ButtonStyle.PRIMARY: "blue", ButtonStyle.DANGER: "red", ButtonStyle.PLAIN: "gray"}
_MOST_SPEAKING_BUTTONS = 5
"""The largest of the pushed action cards has so many; an answer's has no documented limit and keeps to the same."""

FILE_KINDS = frozenset({"xlsx", "pdf", "zip", "rar", "doc", "docx"})
"""What the robot may send as a file."""

Sample = tuple[str, dict[str, str]]
"""`msgKey` and `msgParam` of the robot's API."""


# --- the interactive card ---------------------------------------------------------------------------


def card_params(card: Card) -> dict[str, str]:
    """The variables of the public "Markdown and buttons" template, all of them strings.

    A button carries its action twice, as its id and among its params: which of them comes back is not documented.
    """
    face = card.face
    buttons = [
        {
            "text": button.label,
            "color": _COLOURS[button.style],
            "id": button.action,
            "request": True,
            "params": {"action": button.action},
        }
        for button in _distinct(face.buttons)
    ]
    return {
        "title": face.title,
        "markdown": wording.markdown_of(
            face,
            title=False,
            choices=card.asks,
            small=False,
            limit=wording.CARD_BYTES,
            picture=card.picture,
        ),
        "tips": wording.tips_of(face),
        "sys_full_json_obj": json.dumps({"msgButtons": buttons}, ensure_ascii=False),
    }


def card_creation(
    card: Card, ref: str, *, template: str, robot_code: str, user_id: str = "", group: str = ""
) -> dict[str, Any]:
    """The body that creates a card and delivers it into a group, or else into a person's private chat."""
    kind, space = ("Group", group) if group else ("Robot", user_id)
    deliver_model: dict[str, Any] = {"robotCode": robot_code}
    if not group:
        deliver_model["spaceType"] = "IM_ROBOT"
    return {
        "cardTemplateId": template,
        "outTrackId": ref,
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": card_params(card)},
        "userIdType": 1,
        "openSpaceId": f"dtv1.card//IM_{kind.upper()}.{space}",
        f"im{kind}OpenSpaceModel": {
            "supportForward": False,
            "lastMessageI18n": {"ZH_CN": card.face.title},
        },
        f"im{kind}OpenDeliverModel": deliver_model,
    }


def card_update(card: Card) -> dict[str, Any]:
    """A card's new face, for the acknowledgement of a press and for an update by API alike."""
    return {
        "cardUpdateOptions": {"updateCardDataByKey": True},
        "cardData": {"cardParamMap": card_params(card)},
    }


def can_speak(card: Card) -> bool:
    """Whether an action card has room for all its buttons."""
    return 1 <= len(card.face.buttons) <= _MOST_SPEAKING_BUTTONS


# --- by the webhook of a session ----------------------------------------------------------------------


def session_action_card(card: Card) -> dict[str, Any]:
    face = card.face
    shown: dict[str, Any] = {"title": face.title, "text": _speaking(card)}
    if len(face.buttons) == 1:
        only = face.buttons[0]
        shown |= {"singleTitle": only.label, "singleURL": wording.saying(only.say)}
    else:
        shown["btnOrientation"] = "1" if len(face.buttons) == 2 else "0"
        shown["btns"] = [{"title": b.label, "actionURL": wording.saying(b.say)} for b in face.buttons]
    return {"msgtype": "actionCard", "actionCard": shown}


def session_markdown(card: Card, *, mention: str = "") -> dict[str, Any]:
    """`mention` is the user id of who is called in a group: it must stand in the text as well."""
    message: dict[str, Any] = {
        "msgtype": "markdown",
        "markdown": {"title": card.face.title, "text": _written(card)},
    }
    if mention:
        message["markdown"]["text"] += f"  \n@{mention}"
        message["at"] = {"atUserIds": [mention], "isAtAll": False}
    return message


def session_text(card: Card) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": wording.text_of(card.face, file=card.file)}}


# --- by the robot's API -------------------------------------------------------------------------------


def sample_action_card(card: Card) -> Sample:
    face = card.face
    count = len(face.buttons)
    param = {"title": face.title, "text": _speaking(card)}
    if count == 1:
        only = face.buttons[0]
        return "sampleActionCard", {
            **param,
            "singleTitle": only.label,
            "singleURL": wording.saying(only.say),
        }
    for n, button in enumerate(face.buttons, 1):
        param[f"actionTitle{n}"] = button.label
        param[f"actionURL{n}"] = wording.saying(button.say)
    return f"sampleActionCard{count}", param


def sample_markdown(card: Card) -> Sample:
    return "sampleMarkdown", {"title": card.face.title, "text": _written(card)}


def sample_text(card: Card) -> Sample:
    return "sampleText", {"content": wording.text_of(card.face, file=card.file)}


def sample_file(media_id: str, name: str, kind: str) -> Sample:
    """`kind` one of FILE_KINDS."""
    return "sampleFile", {"mediaId": media_id, "fileName": name, "fileType": kind}


def message_body(robot_code: str, sample: Sample) -> dict[str, Any]:
    """What both sending APIs share; `msgParam` is a JSON string."""
    key, param = sample
    return {"robotCode": robot_code, "msgKey": key, "msgParam": _packed(param)}


def _written(card: Card) -> str:
    return wording.markdown_of(card.face, picture=card.picture, file=card.file)


def _speaking(card: Card) -> str:
    """Its buttons say the choices."""
    return wording.markdown_of(card.face, choices=card.asks, picture=card.picture)


def _packed(param: Mapping[str, str]) -> str:
    return json.dumps(param, ensure_ascii=False, separators=(",", ":"))


def _distinct(buttons: tuple[Button, ...]) -> list[Button]:
    distinct: dict[str, Button] = {}
    for button in buttons:
        distinct.setdefault(button.action, button)
    return list(distinct.values())
