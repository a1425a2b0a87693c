"""From a template to a card.

A template is Jinja2 over a small line language, so that every sentence for people stands in one place:

    # the news: title and notification preview (required, first)
    ## subtitle
    ! large | small            what is put in large type
    * name | value             a fact: the name at most five characters
    [label](what to say)       a button; [+label] is the main one, [-label] the dangerous one
    > what to type instead of the buttons
    ? why this came (pushes only)
    anything else              a line of the body

`<card>.md.j2` is the face for everybody; `<card>.wecom.md.j2`, where it exists, is WeCom's. What people have
typed is inserted as plain text: it cannot become a button, a link or a line of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, TemplateNotFound

from cards.actions import wire
from chat.card import Button, ButtonStyle, Card, Face, Fact
from okr.numbers import bar, say_number, say_percent

_BUTTON = re.compile(r"\[([+-]?)([^\]]+)\]\((.*?)\)(?=\s*\[|\s*$)")
_STYLES = {"": ButtonStyle.PLAIN, "+": ButtonStyle.PRIMARY, "-": ButtonStyle.DANGER}
_HARMLESS = str.maketrans({"\n": " ", "\r": " ", "[": "［", "]": "］", "<": "＜", ">": "＞"})


def _plain(value: object) -> object:
    """What a template inserts: never markup, never another line."""
    if type(value) is str:
        return value.translate(_HARMLESS)
    return "" if value is None else value


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("cards"),
        finalize=_plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # this is no HTML; `finalize` is the escaping
    )
    environment.filters.update(number=say_number, percent=say_percent, bar=bar)
    return environment


ENVIRONMENT = _environment()


@lru_cache(maxsize=256)
def _template(name: str) -> Template | None:
    try:
        return ENVIRONMENT.get_template(name)
    except TemplateNotFound:
        return None


def render(
    template: str,
    /,
    *,
    live: bool = False,
    asks: bool = False,
    awaits: str = "",
    about: str = "",
    **values: Any,
) -> Card:
    """Render a card from its template; the flags are those of `Card`. Raises jinja2's errors on our own mistakes."""
    everywhere = _template(f"{template}.md.j2")
    if everywhere is None:
        raise TemplateNotFound(f"{template}.md.j2")
    wecom = _template(f"{template}.wecom.md.j2")
    numbered = not awaits
    return Card(
        face=read_face(everywhere.render(values), numbered=numbered),
        wecom=read_face(wecom.render(values), numbered=numbered) if wecom is not None else None,
        live=live,
        asks=asks,
        awaits=awaits,
        about=about,
    )


def read_face(text: str, *, numbered: bool = True) -> Face:
    """Read the line language. Raises ValueError where the first line is no title."""
    title, subtitle, hint, why = "", "", "", ""
    emphasis: tuple[str, str] | None = None
    lines: list[str] = []
    facts: list[Fact] = []
    buttons: list[Button] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        mark, rest = line[0], line[1:].strip()
        if mark == "#":
            if line.startswith("##"):
                subtitle = rest[1:].strip()
            else:
                title = rest
        elif mark == "!":
            large, _, small = rest.partition("|")
            emphasis = (large.strip(), small.strip())
        elif mark == "*" and not line.startswith("**"):
            name, _, value = rest.partition("|")
            facts.append(Fact(name.strip(), value.strip()))
        elif mark == "[":
            buttons += [_button(*match) for match in _BUTTON.findall(line)]
        elif mark == ">":
            hint = rest
        elif mark == "?":
            why = rest
        else:
            lines.append(line)
    if not title:
        raise ValueError(f"no title: {text!r}")
    return Face(title, subtitle, emphasis, tuple(lines), tuple(facts), tuple(buttons), hint, why, numbered)


def _button(style: str, label: str, say: str) -> Button:
    return Button(label.strip(), wire(say), say, _STYLES[style])
