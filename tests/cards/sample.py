"""What stands in examples on the cards that tests draw."""

from __future__ import annotations

from cards.examples import Examples

EG = Examples(
    "2026Q4",
    "2026Q3",
    kr="KR8",
    o="O4",
    unit="西湖店",
    store="西湖店",
    mate="王店",
    other="张三",
    number="E0101",
    cycles=["2026Q4", "2026Q3"],
)
