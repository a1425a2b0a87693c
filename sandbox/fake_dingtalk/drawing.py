"""What a payload looks like on a phone: the fields of a bubble. Pure; raises Refused for a malformed payload.

Markdown buttons whose address is `dtmd://dingtalkclient/sendMessage?content=…` send that text as whoever presses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.fake_dingtalk.refusals import Refused
from sandbox.transcript import Pressable

MARKDOWN_BUTTONS = "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema"
AI_MARKDOWN = "382e4302-551d-4880-bf29-a30acfab2e71.schema"
PLAIN_MARKDOWN = "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema"
PUBLIC_TEMPLATES = frozenset({MARKDOWN_BUTTONS, AI_MARKDOWN, PLAIN_MARKDOWN})

_LINK = re.compile(r"\[([^\]]+)\]\((dtmd://[^)\s]+)\)")
_STYLES = {"blue": "primary", "red": "danger", "gray": "plain"}
_FIELDS: dict[str, tuple[str, ...]] = {
    "sampleText": ("content",),
    "sampleMarkdown": ("title", "text"),
    "sampleImageMsg": ("photoURL",),
    "sampleLink": ("text", "title", "picUrl", "messageUrl"),
    "sampleActionCard": ("title", "text", "singleTitle", "singleURL"),
    "sampleActionCard6": ("title", "text", "buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2"),
    "sampleAudio": ("mediaId", "duration"),
    "sampleFile": ("mediaId", "fileName", "fileType"),
    "sampleVideo": ("duration", "videoMediaId", "videoType", "picMediaId"),
} | {
    f"sampleActionCard{n}": (
        "title",
        "text",
        *(f"{word}{i}" for i in range(1, n + 1) for word in ("actionTitle", "actionURL")),
    )
    for n in range(2, 6)
}


def sample(msg_key: str, param: Mapping[str, Any]) -> dict[str, Any]:
    """A robot API's `msgKey` with its decoded `msgParam`."""
    fields = _FIELDS.get(msg_key)
    if fields is None:
        raise Refused("invalidParameter.msgKey.invalid", f"unknown msgKey {msg_key}")
    for name in fields:
        if not param.get(name):
            raise Refused(f"invalidParameter.msgParam.{name}", f"msgParam lacks {name}")
    if msg_key.startswith("sampleActionCard"):
        return _action_card(param, _sample_buttons(msg_key, param))
    kind = {"sampleText": "text", "sampleMarkdown": "markdown", "sampleImageMsg": "image"}.get(
        msg_key, "file"
    )
    text = str(param.get("text") or param.get("content") or "")
    title = str(param.get("title", ""))
    return {"kind": kind, "title": title, "text": text, "content": dict(param), "buttons": _links(text)}


def session_message(body: Mapping[str, Any]) -> dict[str, Any]:
    """What is posted to a session webhook: `{"msgtype","<msgtype>":{…}}`."""
    kind = body.get("msgtype")
    inner = body.get(kind) if isinstance(kind, str) else None
    if not isinstance(inner, dict):
        raise Refused("40035", "msgtype and its body do not agree")
    if kind == "text":
        return {"kind": "text", "text": _words(inner, "content"), "content": dict(inner)}
    if kind == "markdown":
        title, text = _words(inner, "title"), _words(inner, "text")
        return {
            "kind": "markdown",
            "title": title,
            "text": text,
            "content": dict(inner),
            "buttons": _links(text),
        }
    if kind == "actionCard":
        _words(inner, "title"), _words(inner, "text")
        return _action_card(inner, _session_buttons(inner))
    if kind in {"link", "feedCard"}:
        text = str(inner.get("text", ""))
        return {
            "kind": "markdown",
            "title": str(inner.get("title", "")),
            "text": text,
            "content": dict(inner),
        }
    raise Refused("40035", f"unknown msgtype {kind}")


def interactive(template: str, params: Mapping[str, str]) -> dict[str, Any]:
    """A card's face from its variables."""
    if template == AI_MARKDOWN:
        title, text = params.get("msgTitle", ""), params.get("msgContent", "")
        if params.get("flowStatus") not in {"3", "5"}:
            text = f"处理中…\n{text}"
    else:
        title, text = params.get("title", ""), params.get("markdown", "")
    tips = params.get("tips", "")
    buttons = () if template == PLAIN_MARKDOWN else _card_buttons(params.get("sys_full_json_obj", ""))
    return {
        "kind": "card",
        "title": title,
        "text": "\n".join(part for part in (text, tips) if part),
        "content": {"template": template, **params},
        "buttons": buttons,
    }


def said_by(url: str) -> str:
    """The text that a dtmd address sends; empty for any other address."""
    parts = urlsplit(url)
    if parts.scheme != "dtmd" or parts.path != "/sendMessage":
        return ""
    return parse_qs(parts.query).get("content", [""])[0]


def button_of(params: Mapping[str, str], label: str) -> dict[str, Any] | None:
    """The raw button with this text on a card."""
    return next(
        (raw for raw in _raw_buttons(params.get("sys_full_json_obj", "")) if raw.get("text") == label), None
    )


def _action_card(inner: Mapping[str, Any], buttons: tuple[Pressable, ...]) -> dict[str, Any]:
    return {
        "kind": "action_card",
        "title": str(inner["title"]),
        "text": str(inner["text"]),
        "content": dict(inner),
        "buttons": buttons + _links(str(inner["text"])),
    }


def _sample_buttons(msg_key: str, param: Mapping[str, Any]) -> tuple[Pressable, ...]:
    if msg_key == "sampleActionCard":
        return (_pressable(param["singleTitle"], param["singleURL"]),)
    if msg_key == "sampleActionCard6":
        return tuple(_pressable(param[f"buttonTitle{n}"], param[f"buttonUrl{n}"]) for n in (1, 2))
    count = int(msg_key.removeprefix("sampleActionCard"))
    return tuple(_pressable(param[f"actionTitle{n}"], param[f"actionURL{n}"]) for n in range(1, count + 1))


def _session_buttons(inner: Mapping[str, Any]) -> tuple[Pressable, ...]:
    if inner.get("singleTitle") and inner.get("singleURL"):
        return (_pressable(inner["singleTitle"], inner["singleURL"]),)
    buttons = inner.get("btns")
    if not isinstance(buttons, list) or not buttons:
        raise Refused("40035", "an actionCard needs singleTitle or btns")
    return tuple(_pressable(_words(raw, "title"), _words(raw, "actionURL")) for raw in buttons)


def _card_buttons(packed: str) -> tuple[Pressable, ...]:
    return tuple(
        Pressable(
            label=str(raw.get("text", "")),
            key=str(raw.get("id", "")) if raw.get("request") else "",
            style=_STYLES.get(str(raw.get("color", "")), "plain"),
            says=said_by(str(raw.get("url", ""))),
            url=str(raw.get("url", "")),
        )
        for raw in _raw_buttons(packed)
    )


def _raw_buttons(packed: str) -> list[dict[str, Any]]:
    if not packed:
        return []
    try:
        buttons = json.loads(packed).get("msgButtons", [])
    except (ValueError, AttributeError):
        raise Refused("param.error", "sys_full_json_obj is no JSON object") from None
    return [raw for raw in buttons if isinstance(raw, dict)]


def _links(text: str) -> tuple[Pressable, ...]:
    return tuple(_pressable(label, url) for label, url in _LINK.findall(text))


def _pressable(label: Any, url: Any) -> Pressable:
    return Pressable(label=str(label), says=said_by(str(url)), url=str(url))


def _words(inner: Mapping[str, Any], name: str) -> str:
    words = inner.get(name)
    if not isinstance(words, str) or not words:
        raise Refused("40035", f"{name} is missing")
    return words
