"""The rest of the make-believe chain: a second region, so that the demo has somebody to rank and something to compare with.

Its people live on the platforms like the cast, but nobody plays them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.cast import CastMember


@dataclass(frozen=True, slots=True)
class Store:
    """A store that nobody plays. `crew`: its head first; `sales`: what the quarter is to bring, in 元; `visitors` likewise."""

    name: str
    type: str
    crew: tuple[str, str, str]
    sales: int
    visitors: int


REGION = "总部/华南区"
HEAD = CastMember(
    "E0004", "何远", REGION, "区域经理", "M4", "E0001", "华南", "", "dt-heyuan", "WxHeYuan", "钉钉"
)
STORES = (
    Store("天河店", "社区店", ("唐宁", "冯佳", "谢小雨"), 1_650_000, 128_000),
    Store("越秀店", "社区店", ("卢青", "曾敏", "方圆"), 1_050_000, 96_000),
    Store("海珠店", "社区店", ("罗成", "叶子", "孔令"), 1_400_000, 118_000),
    Store("番禺店", "商圈店", ("邓亮", "苏晴", "潘越"), 980_000, 66_000),
    Store("白云店", "商圈店", ("许诺", "韩冰", "姚远"), 1_000_000, 92_000),
)
WEEKLY = ("天河店", "海珠店", "番禺店")
"""They set their goals anew every week; the other stores of the company keep theirs for a month."""
POSITIONS = (("店长", "M2"), ("导购", "P2"), ("收银员", "P1"))


def _crews() -> Iterator[CastMember]:
    for row, store in enumerate(STORES, 1):
        head = f"E1{row}01"
        for seat, (name, (position, grade)) in enumerate(zip(store.crew, POSITIONS, strict=True), 1):
            number = f"E1{row}0{seat}"
            on_wecom = (row + seat) % 2 == 0
            yield CastMember(
                number=number,
                name=name,
                department=f"{REGION}/{store.name}",
                position=position,
                grade=grade,
                manager=head if seat > 1 else HEAD.number,
                region=HEAD.region,
                store=store.name,
                dingtalk_id="" if on_wecom else f"dt-{number}",
                wecom_id=f"Wx{number}" if on_wecom else "",
                home="企业微信" if on_wecom else "钉钉",
                store_type=store.type,
            )


CHAIN = (HEAD, *_crews())
