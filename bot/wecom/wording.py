"""A face as words, inside WeCom's limits of bytes: plain text for the app, Markdown for the robot."""

from __future__ import annotations

from dataclasses import replace

from chat.card import Face, plain_text

TEXT_BYTES = 2048
"""What the app's text takes; the platform cuts the rest off in the middle of a word."""
MARKDOWN_BYTES = 20480
DOWNLOAD = "点开下载"


def text_of(face: Face, *, limit: int = TEXT_BYTES, file: str = "") -> str:
    """The text form with numbered choices, at most `limit` bytes; `file` is the address of a file to link to.

    What does not fit is left out line by line from the end of the body, so that the choices stay; the
    omission shows as `…`.
    """
    link = f'\n<a href="{file}">{DOWNLOAD}</a>' if file else ""
    if face.link:
        label, address = face.link
        link += f'\n<a href="{address}">{label}</a>'
        face = replace(face, link=None)
    limit -= len(link.encode())
    text = plain_text(face, numbered=True)
    lines = face.lines
    while len(text.encode()) > limit and lines:
        lines = lines[:-1]
        text = plain_text(replace(face, lines=(*lines, "…")), numbered=True)
    return cut_to_bytes(text, limit) + link


def markdown_of(face: Face, *, limit: int = MARKDOWN_BYTES, picture: str = "", file: str = "") -> str:
    """The robot's form: the same news and choices, the title in bold, the facts as a quotation.

    `picture` is an address to show under the title, `file` one to link to.
    """
    parts = [f"**{face.title}**"]
    if picture:
        parts.append(f"![{face.title}]({picture})")
    if file:
        parts.append(f"[{DOWNLOAD}]({file})")
    if face.subtitle:
        parts.append(face.subtitle)
    if face.emphasis:
        figure, meaning = face.emphasis
        parts.append(f"**{figure}** {meaning}".rstrip() if figure else meaning)
    parts += face.lines
    parts += [f"> {fact.name}:{fact.value}" for fact in face.facts]
    if face.buttons:
        parts.append("回数字:" + " · ".join(f"{n} {b.label}" for n, b in enumerate(face.buttons, 1)))
    if face.link:
        parts.append("[{}]({})".format(*face.link))
    parts += [part for part in (face.hint, face.why) if part]
    return cut_to_bytes("\n".join(parts), limit)


def cut_to_bytes(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, cut after a line where that keeps half of it."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    kept = raw[: limit - len("\n…".encode())].decode(errors="ignore")
    line_end = kept.rfind("\n")
    if line_end >= len(kept) // 2:
        return kept[:line_end] + "\n…"
    return kept + "…"


def cut_to_characters(text: str, limit: int) -> str:
    """At most `limit` characters, the last of them `…` where something was left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
