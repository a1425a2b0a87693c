"""From what a page shows to its HTML. Everything stands in it: a page needs no script to be read or used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup, escape

from cards.board.goals import light_of
from cards.drawing.charts import CHARTS, environment
from cards.drawing.goal_rows import KINDS
from cards.drawing.paint import PAGE
from chat.card import Card

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_METER = re.compile("[▓░]{3,} *|^走势 [▁-█]+$")
"""A bar or a trend made of letters: a page draws its own."""
_PAGES = {"我的目标": "/board", "目标地图": "/board/map", "排名": "/board/ranking"}
"""Commands that are a page here."""
_LOOK = re.compile(r"^(?:查看|看|为什么|历史) ?((?:KR|O)\d+)$")


_REPORT = re.compile(r"^更新 (KR\d+)$")


class Page(Protocol):
    """What a page shows. `template`: its file; `tab`: which tab it belongs to; `watched`: objectives to look out for."""

    @property
    def template(self) -> str: ...
    @property
    def tab(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def watched(self) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of what was done here last: its card, and the command that takes it back."""

    card: Card
    ref: str
    undo: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page. `once`: makes a form that is sent twice one event; `csrf`: only our own forms know it."""

    company: str
    style: str
    script: str
    name: str = ""
    number: str = ""
    csrf: str = ""
    once: str = ""
    path: str = "/board"
    when: str = ""
    wall: bool = False
    version: str = ""
    reply: Reply | None = None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = environment(ChoiceLoader([PackageLoader("cards", "templates/board"), CHARTS]), PAGE)
    made.filters.update(
        bold=_bold, page_of=page_of, path=_path, anchor=_anchor, light=light_of, without_wall=_without_wall
    )
    made.globals["lights"] = sorted({*KINDS.values()})
    return made


def page_html(page: Page, frame: Frame) -> str:
    return _environment().get_template(f"{page.template}.html.j2").render(page=page, frame=frame)


def door_html(template: str, frame: Frame, **values: Any) -> str:
    """A page of who is not signed in, or may not see what he asked for."""
    return _environment().get_template(f"{template}.html.j2").render(frame=frame, page=None, **values)


def page_of(say: str) -> str:
    """The address of the page that a command is here; empty where it is none."""
    if (found := _LOOK.match(say)) is not None:
        return f"/board/goal/{found[1]}"
    return _PAGES.get(say, "")


def _anchor(say: str) -> str:
    """Where on one's own page something is done: a report is, in the row of its key result."""
    found = _REPORT.match(say)
    return f"/board#{found[1]}" if found is not None else ""


def _bold(text: str) -> Markup:
    """A line of a card: `**bold**` and nothing else."""
    words = _METER.sub("", text)
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(words))))  # noqa: S704  # escaped before


def _without_wall(address: str) -> str:
    """The same page for one reader."""
    path, _, query = address.partition("?")
    kept = "&".join(part for part in query.split("&") if part and part.partition("=")[0] != "wall")
    return f"{path}?{kept}" if kept else path


def _path(text: str) -> str:
    """A name as one part of an address."""
    return quote(text, safe="")
