"""okrbot check foretells what DingTalk's month will cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from sheets.writing import write_table
from tests.bot.command_line import Typed

DINGTALK = "dingtalk: {enabled: true, client_id: a, client_secret: b}\n"


@pytest.mark.parametrize(
    ("count", "said"),
    [(10, "正常  钉钉的额度够用"), (600, "全部照发要专业版")],
)
def test_the_month_is_foretold_with_the_edition_that_carries_it(
    typed: Typed, tmp_path: Path, count: int, said: str
) -> None:
    (tmp_path / "bot.yaml").write_text(DINGTALK, encoding="utf-8")
    rows = [(f"E{n:04}", f"甲{n}", f"dt-{n}") for n in range(count)]
    write_table(tmp_path / "staff.csv", ("工号", "姓名", "钉钉userid"), rows)
    typed("import", "staff", "staff.csv", "--config", "bot.yaml")

    checked = typed("check", "--config", "bot.yaml")

    assert checked.code == 0
    assert f"钉钉一个月预计(按 {count} 人)" in checked.out
    assert said in checked.out
