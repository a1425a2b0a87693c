"""What the page asks, read from JSON: whatever is wrong with it is said in words."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from sandbox.office import Chat, Utterance

LONGEST_WORDS = 4000


class Wrong(Exception):
    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


async def asked_of(request: web.Request) -> dict[str, Any]:
    """The body, which must say that it is JSON: a form on some other site cannot."""
    if request.content_type != "application/json":
        raise Wrong("请用 application/json。", 415)
    try:
        asked = json.loads(await request.text())
    except ValueError:
        raise Wrong("这不是 JSON。") from None
    if not isinstance(asked, dict):
        raise Wrong("要一个 JSON 对象。")
    return asked


def words(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f"缺少 {name}。")
    return value


def utterance(asked: dict[str, Any], chat: Chat) -> Utterance:
    kind = asked.get("kind", "text")
    if kind not in {"text", "voice", "image", "file"}:
        raise Wrong("只能发文字、语音、图片和文件。")
    if kind == "file" and (chat.group or chat.via == "app"):
        raise Wrong("这里收不到文件:群里不行,企业微信的应用也不行。")
    text = "" if kind == "image" else words(asked, "text").strip()
    if len(text) > LONGEST_WORDS:
        raise Wrong(f"太长了,最多 {LONGEST_WORDS} 个字。")
    mentions = asked.get("mentions", [])
    if not isinstance(mentions, list) or not all(user in chat.members for user in mentions):
        raise Wrong("@ 的人不在这个会话里。")
    quotes = words(asked, "quotes") if asked.get("quotes") else None
    content = _unpacked(asked.get("content")) if kind == "file" else b""
    at_bot = asked.get("at_bot") is not False
    return Utterance(text, kind, tuple(mentions), at_bot=at_bot, quotes=quotes, content=content)


def _unpacked(content: object) -> bytes:
    try:
        return base64.b64decode(content, validate=True) if isinstance(content, str) else b""
    except binascii.Error:
        raise Wrong("文件的内容要用 base64。") from None


def wanted_moment(asked: dict[str, Any], now: datetime) -> datetime:
    if asked.get("to") == "now":
        return datetime.now(UTC)
    try:
        wanted = (
            now + timedelta(seconds=asked["by"]) if "by" in asked else datetime.fromisoformat(asked["to"])
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Wrong("看不懂要拨到什么时候。") from None
    if wanted.tzinfo is None or not 2000 <= wanted.year < 2100:
        raise Wrong("要带时区的、2000 到 2099 年之间的时间。")
    return wanted.astimezone(UTC)
