"""From a template to a picture: SVG by Jinja2, lettered for the one font that is always there.

What people typed is escaped by the template engine. The PNG for a chat is made where it leaves, by `cards.drawing.png`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from chat.files import SVG, File

FONT = "Noto Sans CJK SC"
"""Its family name in the package that brings it."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("cards", "templates/charts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=32)
def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.svg.j2")


def draw(chart: str, /, **values: Any) -> str:
    """The SVG of a chart, from `templates/charts/<chart>.svg.j2`."""
    return _template(chart).render(font=FONT, **values)


def picture(name: str, svg: str) -> File:
    """The SVG as a file that a card can show; `name` without an ending, in words."""
    return File(name, SVG, svg.encode())
