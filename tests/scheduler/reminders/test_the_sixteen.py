"""Of each reminder that speaks: a test that it does, one that it does not, one of a second run, one of a holiday."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from okr.reminding import SPEAKING, Reminder

HERE = Path(__file__).parent
KINDS = {
    "does not speak": r"nothing|nobody_hears|hears_nothing|left_alone|not_reminded|has_goals|keeps_pace|within_a|no_goal|decided",
    "runs again": r"run_again|second_run|once|twice|each_step|each_of|until_a_week|asked_first",
    "has a holiday": r"holiday|the_days_of_the_office|before_it_goes|the_days_on_which",
}
"""What the names of such tests have in them."""


def names_of(reminder: Reminder) -> list[str]:
    tree = ast.parse((HERE / f"test_{reminder}.py").read_text(encoding="utf-8"))
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reminder", SPEAKING)
def test_each_has_its_four(reminder: Reminder, kind: str) -> None:
    names = names_of(reminder)

    assert [name for name in names if re.search(KINDS[kind], name)], kind
    assert len(names) >= len(KINDS) + 1


def test_one_of_the_sixteen_waits_for_what_it_would_speak_of() -> None:
    assert set(Reminder) - set(SPEAKING) == {Reminder.GROWTH_DUE}
    assert len(Reminder) == 16
