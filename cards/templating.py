"""From a template to a card.

A template is Jinja2 over a small line language, so that every sentence for people stands in one place:

    # the news: title and notification preview (required, first)
    ## subtitle
    ! large | small            what is put in large type
    * name | value             a fact: the name at most five characters
    [label](what to say)       a button; [+label] is the main one, [-label] the dangerous one
    > what to type instead of the buttons
    ? why this came (pushes only)
    ~ label | address          a link; none where the address is empty
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
_LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What `str.splitlines` takes for the end of a line."""
_HARMLESS = str.maketrans({**dict.fromkeys(_LINE_BREAKS, " "), "[": "［", "]": "］", "<": "＜", ">": "＞"})
_HARMFUL = re.compile(f"[{re.escape(_LINE_BREAKS)}\\[\\]<>]")
_MARKS = {"#": "＃", "!": "！", "?": "？", "*": "＊", "~": "～"}
"""Only the template may begin a line with one; brackets and `>` are gone already."""


def _plain(value: object) -> object:
    """What a template inserts: never markup, never another line."""
    if type(value) is str:
        text = value.translate(_HARMLESS) if _HARMFUL.search(value) else value
        words = text.lstrip()
        mark = _MARKS.get(words[:1])
        if mark is None or words.startswith("**"):
            return text
        return text[: -len(words)] + mark + words[1:]
    return "" if value is None else value


class _Values(Environment):
    """What a template is given are mostly plain dicts: what is in one is looked up there first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _environment() -> Environment:
    environment = _Values(
        loader=PackageLoader("cards"),
        auto_reload=False,  # `_template` keeps them anyway; their parts need no look at the disk either
        finalize=_plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # this is no HTML; `finalize` is the escaping
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
    picture: str = "",
    in_words: str = "",
    **values: Any,
) -> Card:
    """Render a card from its template; the flags are those of `Card`, `in_words` another template with the same values.

    Raises jinja2's errors on our own mistakes.
    """
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
        picture=picture,
        in_words=read_face(ENVIRONMENT.get_template(f"{in_words}.md.j2").render(values), numbered=numbered)
        if in_words
        else None,
    )


def read_face(text: str, *, numbered: bool = True) -> Face:  # noqa: C901  # one case a mark
    """Read the line language. Raises ValueError where there is no title."""
    title, subtitle, hint, why = "", "", "", ""
    emphasis: tuple[str, str] | None = None
    link: tuple[str, str] | None = None
    lines: list[str] = []
    facts: list[Fact] = []
    buttons: list[Button] = []
    for raw in text.splitlines():
        line = raw.strip()
        rest = line[1:].strip()
        match line[:2], line[:1]:
            case _, "":
                continue
            case "##", _:
                subtitle = rest[1:].strip()
            case _, "#":
                title = rest
            case _, "!":
                emphasis = _pair(rest)
            case "* ", _:
                facts.append(Fact(*_pair(rest)))
            case _, "[":
                buttons += [_button(*match) for match in _BUTTON.findall(line)]
            case _, ">":
                hint = rest
            case _, "?":
                why = rest
            case _, "~":
                label, address = _pair(rest)
                link = (label, address) if address else None
            case _:
                lines.append(line)
    if not title:
        raise ValueError(f"no title: {text!r}")
    return Face(
        title, subtitle, emphasis, tuple(lines), tuple(facts), tuple(buttons), hint, why, link, numbered
    )


def _pair(text: str) -> tuple[str, str]:
    """`name | value`"""
    name, _, value = text.partition("|")
    return name.strip(), value.strip()


def _button(style: str, label: str, say: str) -> Button:
    return Button(label.strip(), wire(say), say, _STYLES[style])
