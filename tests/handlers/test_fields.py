"""What people write after 修改 KR34, as fields, a reason and a talk."""

from __future__ import annotations

import pytest

from handlers.fields import Said, read_sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("目标值 1200", Said((("target", "1200"),))),
        ("目标值1200", Said((("target", "1200"),))),
        ("目标 改成 1200", Said((("target", "1200"),))),
        ("目标值:1200 原因:新店开业", Said((("target", "1200"),), "新店开业")),
        ("目标值 1200 原因 客流 目标值 都在涨", Said((("target", "1200"),), "客流 目标值 都在涨")),
        (
            "目标值 1200 截止 12月20日 权重 30%",
            Said((("target", "1200"), ("due", "12月20日"), ("weight", "30%"))),
        ),
        ("目标值 1200,截止 12月20日", Said((("target", "1200"), ("due", "12月20日")))),
        ("目标值从1100到1200", Said((("target", "从1100到1200"),))),
        ("标题 把 目标 做实 截止 也算", Said((("title", "把 目标 做实 截止 也算"),))),
        ("截止日 12月20日 标题 新名字", Said((("due", "12月20日"), ("title", "新名字")))),
        (
            "目标值 1050 面谈 11月20日 原因 封路",
            Said((("target", "1050"),), "封路", "11月20日"),
        ),
        ("目标值 1050 原因 封路 面谈 和店长聊过", Said((("target", "1050"),), "封路", "和店长聊过")),
        ("目标值 1050 因为停车场封了", Said((("target", "1050"),), "停车场封了")),
        ("统计口径 日均", Said((("basis", "日均"),))),
        ("目标值", Said((("target", ""),))),
        ("阶段 11月 1040", Said((("stages", "11月 1040"),))),
        ("阶段目标 10月 20%、11月 60% 原因 淡季", Said((("stages", "10月 20%、11月 60%"),), "淡季")),
        ("日常指标 是", Said((("kpi", "是"),))),
        ("挑战", Said((("commitment", "挑战"),))),
        ("挑战型", Said((("commitment", "挑战型"),))),
        ("类型 挑战", Said((("commitment", "挑战"),))),
        ("自上而下", Said((("origin", "自上而下"),))),
        (
            "目标值 1200 挑战 自上而下",
            Said((("target", "1200"), ("commitment", "挑战"), ("origin", "自上而下"))),
        ),
        ("挑战一下自己", Said((), unread="挑战一下自己")),
        ("标题 挑战 极限", Said((("title", "挑战 极限"),))),
        ("目标值 截止 12月20日", Said((("target", ""), ("due", "12月20日")))),
        ("", Said(())),
        ("1200", Said((), unread="1200")),
        ("门店停业", Said((), unread="门店停业")),
    ],
)
def test_a_sentence(text: str, said: Said) -> None:
    assert read_sentence(text) == said
