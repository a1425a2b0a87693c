"""A face as DingTalk's Markdown: headings, bold, quotes and links, no tables; a line ends with two spaces.

Source: open.dingtalk.com, "robot message types".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote

from chat.card import Face, plain_text, written_choices

MESSAGE_BYTES = 12_000
"""A robot's message may have 15,000 with its JSON around it."""
CARD_BYTES = 8_000
DOWNLOAD = "点开下载"

_BREAK = "  \n"
_TAG = re.compile(r"<(?=[A-Za-z/!])")


def markdown_of(
    face: Face,
    *,
    title: bool = True,
    choices: bool = True,
    small: bool = True,
    limit: int = MESSAGE_BYTES,
    picture: str = "",
    file: str = "",
) -> str:
    """`title` as its first line, `choices` as numbers to answer with, `small` for the hint and why it came.

    `picture` is an address or a media id, shown under the title; `file` the address of a file, for a link.
    """
    image = [f"![{_safe(face.title)}]({picture})"] if picture else []
    link = [f"[{DOWNLOAD}]({file})"] if file else []

    def written(shown: Face) -> str:
        head, *body = _lines(shown, title=title, choices=choices, small=small) or [""]
        lines = [head, *image, *body] if title else [*image, head, *body]
        return _BREAK.join(line for line in (*lines, *link) if line)

    return _fitted(face, written, limit)


def text_of(face: Face, *, limit: int = MESSAGE_BYTES, file: str = "") -> str:
    """Without any mark-up, the choices numbered; `file` is an address to end with."""
    end = f"\n{DOWNLOAD}:{file}" if file else ""
    return _fitted(face, lambda shown: plain_text(shown, numbered=True) + end, limit)


def tips_of(face: Face) -> str:
    """The small print under a card."""
    return " · ".join(_safe(part) for part in (face.hint, face.why) if part)


@lru_cache(maxsize=4096)  # every answer bears the same few buttons
def saying(text: str) -> str:
    """The address of a button that sends `text` as whoever presses it."""
    return f"dtmd://dingtalkclient/sendMessage?content={quote(text, safe='')}"


def _lines(face: Face, *, title: bool, choices: bool, small: bool) -> list[str]:
    lines = [f"**{_safe(face.title)}**"] if title else []
    if face.subtitle:
        lines.append(_safe(face.subtitle))
    if face.emphasis:
        figure, meaning = face.emphasis
        lines.append(f"**{_safe(figure)}** {_safe(meaning)}".strip() if figure else _safe(meaning))
    lines += [_safe(line) for line in face.lines]
    lines += [f"{_safe(fact.name)}:{_safe(fact.value)}" for fact in face.facts]
    if choices and face.buttons:
        lines.append(_safe(written_choices(face)))
    if face.link:
        label, address = face.link
        lines.append(f"[{_safe(label)}]({address})")
    if small:
        lines += [f"> {_safe(part)}" for part in (face.hint, face.why) if part]
    return lines


def _safe(text: str) -> str:
    """Words of people as words: a link among them could make whoever taps it say something."""
    return _TAG.sub("＜", text.replace("](", "] (")).replace("\n", _BREAK)


def _fitted(face: Face, written: Callable[[Face], str], limit: int) -> str:
    """At most `limit` bytes: lines are left out from the end of the body, so that the choices stay."""
    text, lines = written(face), face.lines
    while len(text.encode()) > limit and lines:
        lines = lines[: len(lines) * 3 // 4]
        text = written(replace(face, lines=(*lines, "…")))
    raw = text.encode()
    return text if len(raw) <= limit else raw[: limit - 3].decode(errors="ignore") + "…"
