"""The worked numbers of docs/rules, so that a page for people and the program cannot disagree."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs" / "rules"


def rows(page: str, heading: str) -> list[dict[str, str]]:
    """The rows of the first table below a heading, by their column names. Raises where there are none."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    names, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert body, f"no table below {heading!r} in {page}.md"
    return [dict(zip(names, cells, strict=True)) for cells in body]
