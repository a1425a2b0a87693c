"""What is shown, before a platform has dressed it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from chat.events import PlatformName


class ButtonStyle(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """`action` is an ASCII string for the wire (at most 512 bytes); `say` the typed command that does the same."""

    label: str
    action: str
    say: str
    style: ButtonStyle = ButtonStyle.PLAIN


@dataclass(frozen=True, slots=True)
class Fact:
    """A name of at most five characters and a value: one line of a WeCom card, `name:value` elsewhere."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Face:
    """One composed form of a card.

    `title` is the news itself and the notification's preview. `lines` are light Markdown: `**bold**` and
    nothing else is relied on. `hint` says in words what to type, `why` (pushes only) why this came.
    """

    title: str
    subtitle: str = ""
    emphasis: tuple[str, str] | None = None
    lines: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    buttons: tuple[Button, ...] = ()
    hint: str = ""
    why: str = ""
    link: tuple[str, str] | None = None
    """A label and the address it leads to: one page of the board."""
    numbered: bool = True
    """Whether its choices may be answered by their numbers; not where a number is awaited as such."""


@dataclass(frozen=True, slots=True)
class Card:
    """A face for every platform, and one of its own for WeCom where it has been composed.

    `live`: redrawn in place when pressed. `asks`: a question whose choices are numbered in every form, so
    that `1` answers it. `awaits`: the words that the person's next message completes into a command.
    `about`: what the card is about, such as `KR34`, so that a quote of it needs no id.

    `picture` is the reference of a kept file (`chat.files`) that is shown with the face; where that cannot be,
    `in_words` is the face instead. `enclosed` are references of files that follow it, each a message of its own. A card
    with `file` is such a message: its face is what is said with an address, its `in_words` what is said without.
    """

    face: Face
    wecom: Face | None = None
    live: bool = False
    asks: bool = False
    awaits: str = ""
    about: str = ""
    picture: str = ""
    in_words: Face | None = None
    enclosed: tuple[str, ...] = ()
    file: str = ""

    def on(self, platform: PlatformName) -> Face:
        return self.wecom if self.wecom is not None and platform is PlatformName.WECOM else self.face

    def beside_picture(self) -> Card:
        """What is left to show after the picture has been a message of its own."""
        return replace(self, picture="", in_words=None)

    def without_picture(self) -> Card:
        """The card where its picture or file cannot be shown."""
        words = self.in_words
        bare = replace(self, picture="", file="", in_words=None)
        return bare if words is None else replace(bare, face=words, wecom=None)


def numbered_choices(face: Face) -> tuple[str, ...]:
    """The choices of a face as `1 label` for forms that have no buttons."""
    return tuple(f"{n} {button.label}" for n, button in enumerate(face.buttons, 1))


def written_choices(face: Face) -> str:
    """The line that stands for the buttons where there are none; empty where there is nothing to choose."""
    if not face.buttons:
        return ""
    if face.numbered:
        return "回数字:" + " · ".join(numbered_choices(face))
    return "可以回:" + " · ".join(button.label for button in face.buttons)


def plain_text(face: Face, *, numbered: bool) -> str:
    """The text form of a face: the same news and the same choices, without any mark-up."""
    parts = [face.title]
    if face.subtitle:
        parts.append(face.subtitle)
    if face.emphasis:
        parts.append(" ".join(part for part in face.emphasis if part))
    parts += [line.replace("**", "") for line in face.lines]
    parts += [f"{fact.name} {fact.value}" for fact in face.facts]
    if numbered and (choices := written_choices(face)):
        parts.append(choices)
    if face.link:
        parts.append(":".join(face.link))
    if face.hint:
        parts.append(face.hint)
    if face.why:
        parts.append(face.why)
    return "\n".join(parts)


def dump_card(card: Card) -> str:
    """A card as compact JSON, for the row it is before it is a message."""
    return json.dumps(_card_fields(card), ensure_ascii=False, separators=(",", ":"))


def load_card(text: str) -> Card:
    """The inverse of `dump_card`."""
    raw = json.loads(text)
    for name in ("face", "wecom", "in_words"):
        if name in raw:
            raw[name] = _face(raw[name])
    if "enclosed" in raw:
        raw["enclosed"] = tuple(raw["enclosed"])
    return Card(**raw)


def _card_fields(card: Card) -> dict[str, Any]:
    fields: dict[str, Any] = {"face": _face_fields(card.face)}
    if card.wecom is not None:
        fields["wecom"] = _face_fields(card.wecom)
    if card.in_words is not None:
        fields["in_words"] = _face_fields(card.in_words)
    for name in ("live", "asks", "awaits", "about", "picture", "enclosed", "file"):
        if value := getattr(card, name):
            fields[name] = value
    return fields


def _face_fields(face: Face) -> dict[str, Any]:
    fields: dict[str, Any] = {"title": face.title}
    for name in ("subtitle", "emphasis", "lines", "hint", "why", "link"):
        if value := getattr(face, name):
            fields[name] = value
    if not face.numbered:
        fields["numbered"] = False
    if face.facts:
        fields["facts"] = [(fact.name, fact.value) for fact in face.facts]
    if face.buttons:
        fields["buttons"] = [(b.label, b.action, b.say, b.style) for b in face.buttons]
    return fields


def _face(raw: dict[str, Any]) -> Face:
    emphasis, link = raw.get("emphasis"), raw.get("link")
    return Face(
        title=raw["title"],
        subtitle=raw.get("subtitle", ""),
        emphasis=(emphasis[0], emphasis[1]) if emphasis else None,
        lines=tuple(raw.get("lines", ())),
        facts=tuple(Fact(name, value) for name, value in raw.get("facts", ())),
        buttons=tuple(
            Button(label, action, say, ButtonStyle(style))
            for label, action, say, style in raw.get("buttons", ())
        ),
        hint=raw.get("hint", ""),
        why=raw.get("why", ""),
        link=(link[0], link[1]) if link else None,
        numbered=raw.get("numbered", True),
    )


def spent(face: Face) -> Face:
    """The same face with nothing left to press."""
    return replace(face, buttons=(), hint="")
