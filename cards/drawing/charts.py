"""From a template to a picture: SVG by Jinja2, lettered for the one font that is always there.

What people typed is escaped by the template engine. The PNG for a chat is made where it leaves, by `cards.drawing.png`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, Template

from cards.drawing.paint import PAPER, Paint
from chat.files import SVG, File

FONT = "Noto Sans CJK SC"
"""Its family name in the package that brings it."""
CHARTS = PackageLoader("cards", "templates/charts")


def environment(loader: BaseLoader, paint: Paint) -> Environment:
    """Templates whose drawings are in these colours."""
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["paint"] = paint
    return made


@lru_cache(maxsize=1)
def _on_paper() -> Environment:
    return environment(CHARTS, PAPER)


@lru_cache(maxsize=32)
def _template(name: str) -> Template:
    return _on_paper().get_template(f"{name}.svg.j2")


def draw(chart: str, /, **values: Any) -> str:
    """The SVG of a chart, from `templates/charts/<chart>.svg.j2`, for a picture."""
    return _template(chart).render(font=FONT, **values)


def picture(name: str, svg: str) -> File:
    """The SVG as a file that a card can show; `name` without an ending, in words."""
    return File(name, SVG, svg.encode())
