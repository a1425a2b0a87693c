from __future__ import annotations

from sandbox.activity import Activity, Deed, Line
from tests.sandbox.paper_office import MONDAY


def test_keeps_the_last_lines_under_their_own_numbers() -> None:
    activity = Activity(kept=2)

    for text in ("一", "二", "三"):
        activity.note(MONDAY, Deed.SAID, text)

    assert [(line.number, line.text) for line in activity.lines] == [(2, "二"), (3, "三")]


def test_tells_each_new_line_until_it_is_stopped() -> None:
    activity, heard = Activity(), list[Line]()
    stop = activity.listen(heard.append)

    activity.note(MONDAY, Deed.HEARD, "一")
    stop()
    activity.note(MONDAY, Deed.HEARD, "二")

    assert [line.text for line in heard] == ["一"]
