"""What WeCom is answered in the same breath: an app's passive XML, a robot's JSON. Pure.

Sources: developer.work.weixin.qq.com 90241 (app), 101031 and 101463 (robot).
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any
from xml.sax.saxutils import escape

from wechatpy.enterprise.replies import TextReply

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ELEMENTS = {
    "card_type": "CardType",
    "main_title": "MainTitle",
    "emphasis_content": "EmphasisContent",
    "sub_title_text": "SubTitleText",
    "horizontal_content_list": "HorizontalContentList",
    "card_action": "CardAction",
    "button_list": "ButtonList",
    "title": "Title",
    "desc": "Desc",
    "keyname": "KeyName",
    "value": "Value",
    "type": "Type",
    "url": "Url",
    "text": "Text",
    "style": "Style",
    "key": "Key",
}


# --- the app ----------------------------------------------------------------------------------------


def text_reply(text: str, *, user_id: str, corp_id: str, at: int) -> str:
    """A passive text. `at` in seconds."""
    content = _NOT_IN_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return str(TextReply(target=user_id, source=corp_id, time=at, content=content).render())


def update_button_reply(label: str, *, user_id: str, corp_id: str, at: int) -> str:
    """Replaces the buttons of the pressed card by one spent button, for who pressed it."""
    body = f"<Button><ReplaceName>{_escaped(label)}</ReplaceName></Button>"
    return _reply("update_button", body, user_id, corp_id, at)


def update_card_reply(card: dict[str, Any], *, user_id: str, corp_id: str, at: int) -> str:
    """Replaces the pressed card, for who pressed it. Its task_id stays; the XML has no field for it."""
    return _reply(
        "update_template_card", f"<TemplateCard>{_elements(card)}</TemplateCard>", user_id, corp_id, at
    )


def _reply(kind: str, body: str, user_id: str, corp_id: str, at: int) -> str:
    return (
        f"<xml><ToUserName>{_escaped(user_id)}</ToUserName><FromUserName>{_escaped(corp_id)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>{kind}</MsgType>{body}</xml>"
    )


def _elements(fields: dict[str, Any]) -> str:
    """A card's JSON as XML: other names, and a list is its element repeated."""
    return "".join(
        f"<{tag}>{_elements(item) if isinstance(item, dict) else _escaped(str(item))}</{tag}>"
        for name, value in fields.items()
        if (tag := _ELEMENTS.get(name))
        for item in (value if isinstance(value, list) else [value])
    )


def _escaped(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text))


# --- the robot --------------------------------------------------------------------------------------


def stream_reply(markdown: str, stream_id: str, picture: bytes = b"") -> dict[str, Any]:
    """A whole answer in one go: a stream that is finished at once. A picture may only stand in a callback's reply."""
    stream: dict[str, Any] = {"id": stream_id, "finish": True, "content": markdown}
    if picture:
        md5 = hashlib.md5(picture, usedforsecurity=False).hexdigest()
        image = {"base64": base64.b64encode(picture).decode(), "md5": md5}
        stream["msg_item"] = [{"msgtype": "image", "image": image}]
    return {"msgtype": "stream", "stream": stream}


def card_reply(card: dict[str, Any]) -> dict[str, Any]:
    return {"msgtype": "template_card", "template_card": card}


def markdown_message(markdown: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": markdown}}


def file_message(kind: str, media_id: str) -> dict[str, Any]:
    """`kind` image or file."""
    return {"msgtype": kind, kind: {"media_id": media_id}}


def welcome_text(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


def card_update(card: dict[str, Any], *, only_for: str = "") -> dict[str, Any]:
    """The pressed card anew: for everybody who sees it, or only for one person."""
    update: dict[str, Any] = {"response_type": "update_template_card", "template_card": card}
    if only_for:
        update["userids"] = [only_for]
    return update
