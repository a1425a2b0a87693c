"""Cards about tables that people send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cards.enclosed import enclosed
from cards.notices import Choice, notice, question
from cards.tables_in import Preview, preview_card, settled_card
from chat.card import Card
from tests.cards.sample import EG


@dataclass(frozen=True)
class Bad:
    line: int
    column: str = "门店"
    reason: str = "没有「西胡店」这个门店或部门"
    near: str = "西湖店"


SAYS = (
    "销售额 9月1日–9月2日 西湖店,共 25,850 元",
    "更正 3 个以前导过的数:1,280 → 1,300 …",
    "2 个 KR 会跟着动:KR3、KR4",
)


def cards() -> Iterator[tuple[str, Card]]:
    for good, bad in ((2000, 0), (1850, 3), (1850, 90), (0, 4)):
        wrong = [Bad(line) for line in range(2, 2 + bad)]
        for changed in (False, True):
            preview = Preview(7 if good else 0, "业务数据", "西湖店日数.csv", good, wrong, SAYS)
            yield f"table, {good} good and {bad} bad, {changed}", preview_card(preview, changed=changed)
    for state in ("written", "undone", "dropped"):
        for again in (False, True):
            card = settled_card(7, state, "业务数据", "日数.csv", 12, SAYS, undo=not again, again=again)
            yield f"table {state}, {again}", card
    for why in ("kind", "too_large", "gone", "unreachable"):
        yield f"file not fetched, {why}", notice("file_not_fetched", name="合同.pdf", why=why)
    yield "table unreadable", notice("table_unreadable", reason="数.xlsx 加了密码,请去掉密码再试")
    for headings in ([], ["名字", "星座"]):
        yield (
            f"table unknown, {len(headings)}",
            notice("table_unknown", name="通讯录.csv", headings=headings, kinds=["业务数据", "人员表"]),
        )
    yield "table too long", notice("table_too_long", name="数.csv", rows=4000, most=2000)
    yield "table stays", notice("table_stays", name="人员.xlsx", kind="人员表")
    for all_rows in (12, 7000):
        yield (
            f"exported, {all_rows}",
            notice(
                "exported",
                what="排名 门店 销售额 本月",
                rows=min(all_rows, 5000),
                all=all_rows,
                most=5000,
                note="一共 20 名,只列前一半和你自己的",
                csv=all_rows == 12,
            ),
        )
    yield "a CSV that cannot be sent", enclosed("f0", "我的数据.csv").without_picture()
    yield "nothing to export", notice("export_empty", what="目标 赵店")
    yield "export what", question("export_what", [Choice("排名", "导出 排名")], eg=EG)
    yield "a form", notice("form", kind="人员表", needed=["工号", "姓名"], more=14)
    yield "which form", question("which_form", [Choice("业务数据", "模板表格 业务数据")])
    yield "table gone", notice("table_gone", number=7)
    for waiting in ([], [7, 8]):
        for say in ("写入", "撤销表格"):
            card = notice("which_table", say=say, waiting=waiting, undone=say == "撤销表格")
            yield f"which table, {say}, {len(waiting)}", card
