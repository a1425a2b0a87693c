"""How a payload looks on the phone: the fields of a bubble, as a person would read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.transcript import Pressable

TEXT_BYTES = 2048
_STYLES = {1: "primary", 2: "plain", 3: "danger", 4: "plain"}


def cut(text: str, limit: int = TEXT_BYTES) -> str:
    """As the platform cuts: at the byte, and half a character is gone."""
    return text.encode()[:limit].decode(errors="ignore")


def drawn_card(card: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a bubble that shows this card."""
    main = card.get("main_title") or {}
    emphasis = card.get("emphasis_content") or {}
    lines = [
        main.get("desc", ""),
        " ".join(part for part in (emphasis.get("title", ""), emphasis.get("desc", "")) if part),
        card.get("sub_title_text", ""),
        *(f"{fact['keyname']} {fact.get('value', '')}" for fact in card.get("horizontal_content_list", [])),
        *(row.get("title", "") for row in card.get("vertical_content_list", [])),
    ]
    return {
        "kind": "template_card",
        "title": main.get("title", ""),
        "text": "\n".join(line for line in lines if line),
        "content": dict(card),
        "buttons": _buttons(card),
    }


def _buttons(card: Mapping[str, Any]) -> tuple[Pressable, ...]:
    if card.get("replace_text"):
        return ()
    buttons = [
        Pressable(
            button["text"], button.get("key", ""), _STYLES[button.get("style", 1)], url=button.get("url", "")
        )
        for button in card.get("button_list", [])
    ]
    if submit := card.get("submit_button"):
        buttons.append(Pressable(submit.get("text", "提交"), submit["key"], "primary"))
    buttons += [
        Pressable(action["text"], action["key"])
        for action in (card.get("action_menu") or {}).get("action_list", [])
    ]
    buttons += [
        Pressable(jump["title"], url=jump["url"]) for jump in card.get("jump_list", []) if jump.get("url")
    ]
    return tuple(buttons)


def drawn_message(message: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a bubble that shows a message of any other type."""
    kind = message["msgtype"]
    content = message[kind]
    if kind == "template_card":
        return drawn_card(content)
    if kind in {"text", "markdown", "markdown_v2"}:
        return {
            "kind": "text" if kind == "text" else "markdown",
            "text": cut(content["content"], _limit(kind)),
        }
    if kind == "stream":
        pictures = {"pictures": list(content["pictures"])} if content.get("pictures") else {}
        return {"kind": "markdown", "text": content.get("content", ""), "content": pictures}
    if kind == "textcard":
        return {
            "kind": "textcard",
            "title": content["title"],
            "text": content["description"],
            "buttons": (Pressable(content.get("btntxt", "详情"), url=content["url"]),),
        }
    if kind == "news":
        return {"kind": "news", "title": content["articles"][0]["title"], "content": dict(content)}
    return {"kind": kind, "content": dict(content)}


def _limit(kind: str) -> int:
    return TEXT_BYTES if kind == "text" else 20480
