"""对比 by two places at once, recomputed from the points; who may see what; pictures, words and tables agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from chat.files import SVG
from config.policy import policy_of
from config.settings import Settings
from okr.numbers import say_number
from sandbox.cast import CAST
from sandbox.sample_company import staff_row
from sheets.packing import unpacked
from sheets.shown_tables import COVERED
from sheets.spelling import Cell
from sheets.staff import StaffRow
from storage import files, ingesting, staff, units
from storage.database import Database
from storage.ingesting import Delivery
from storage.session import Session
from tests.engines import MONDAY
from tests.handlers.desk import CHEN, LI, LIN, WANG, ZHOU, Desk, face

SHOPS = {
    "文二店": ("华东区", "社区店", 100), "拱墅店": ("华东区", "社区店", 110), "滨康店": ("华东区", "商圈店", 90),
    "临平店": ("华东区", "商圈店", 105), "萧山店": ("华东区", "商圈店", 400), "天河店": ("华南区", "社区店", 150),
    "越秀店": ("华南区", "商圈店", 60),
}  # fmt: skip
SELLERS = {"P2": 2, "P1": 1}
"""Of each grade so many in every shop; each sells his share of the shop's sales, in orders of ten."""


def staffed() -> Iterator[StaffRow]:
    head = replace(
        staff_row(CAST[2]),
        number="E0004",
        name="何远",
        department="总部/华南区",
        region="华南",
        dingtalk_id="dt-he",
    )
    yield replace(head, wecom_id="WxHe")
    for place, (shop, (region, kind, _)) in enumerate(SHOPS.items()):
        for seat, grade in enumerate(grade for grade, count in SELLERS.items() for _ in range(count)):
            yield replace(
                staff_row(CAST[4]),
                number=f"E8{place}{seat}",
                name=f"{shop}员{seat}",
                department=f"总部/{region}/{shop}",
                manager_number="E0003" if region == "华东区" else "E0004",
                region=region[:2],
                store=shop,
                store_type=kind,
                grade=grade,
                dingtalk_id="",
                wecom_id="",
            )


def points() -> Iterator[dict[str, str]]:
    """Of each seller on two days of November."""
    for place, (shop, (_, _, each)) in enumerate(SHOPS.items()):
        for seat in range(sum(SELLERS.values())):
            for day in (3, 17):
                for metric, value in (("sales", each * (seat + 1) * 10), ("orders", 10 + seat)):
                    yield {
                        "id": f"{metric}-{place}-{seat}-{day}",
                        "metric": metric,
                        "unit": shop,
                        "employee": f"E8{place}{seat}",
                        "at": f"2026-11-{day:02}T12:00:00",
                        "value": str(value),
                    }


@pytest.fixture
async def desk(sqlite_company_url: str):  # type: ignore[no-untyped-def]
    async with Database(sqlite_company_url) as database:
        desk = Desk(database, replace(policy_of(Settings()), hr=frozenset({LIN})), MONDAY)

        async def fill(session: Session) -> None:
            # The cast has figures of its own, which are none of these: they are taken out.
            await session.run("DELETE FROM metric_days")
            await session.run("DELETE FROM metric_points")
            await staff.take_in(session, [*map(staff_row, CAST), *staffed()], MONDAY)
            known = await units.known(session)
            delivery = Delivery("POS2", MONDAY, desk.policy.zone, desk.policy.metrics, known)
            brought = list(points())
            for begin in range(0, len(brought), 100):
                await ingesting.deliver(session, brought[begin : begin + 100], delivery, first=begin)

        await database.transact(fill)
        yield desk


def total(metric: str, belongs: Callable[[str, int], bool]) -> Decimal:
    """Of the points of shops and seats that belong."""
    return sum(
        (
            Decimal(one["value"])
            for one in points()
            if one["metric"] == metric and belongs(one["unit"], int(one["employee"][-1]))
        ),
        Decimal(0),
    )


def shops_of(region: str = "", kind: str = "") -> list[str]:
    return [shop for shop, (where, what, _) in SHOPS.items() if region in ("", where) and kind in ("", what)]


async def told(desk: Desk, who: str, text: str) -> tuple[str, str]:
    """The words where no picture can be shown, and what stands in the picture."""
    heard = await desk.dispatch.hear(desk.message(who, text))
    assert heard.parcel is not None, text
    card = heard.parcel.card
    kept = await desk.does(lambda session: files.by_ref(session, card.picture, desk.now))
    assert kept is not None
    assert kept.file.media_type == SVG
    return face(card.without_picture()), kept.file.content.decode()


async def table(desk: Desk, who: str, text: str) -> list[dict[str, Cell]]:
    heard = await desk.dispatch.hear(desk.message(who, text))
    assert heard.parcel is not None
    ref = heard.parcel.card.enclosed[0]
    kept = await desk.does(lambda session: files.by_ref(session, ref, desk.now))
    assert kept is not None
    ((_, header, rows),) = unpacked(kept.file.content)
    return [dict(zip(header, row, strict=True)) for row in rows]


async def test_regions_by_store_types(desk: Desk) -> None:
    words, drawing = await told(desk, CHEN, "对比 销售额 按 区域,门店类型 本月")
    rows = await table(desk, CHEN, "对比 销售额 按 区域,门店类型 本月 导出")

    by_region = {str(row["区域"]): row for row in rows}
    assert set(by_region) == {"华东区", "华南区"}
    for region, row in by_region.items():
        for kind in ("社区店", "商圈店"):
            shops = shops_of(region, kind)
            mean = total("sales", lambda shop, _, some=shops: shop in some) / len(shops)  # type: ignore[misc]
            assert row[f"{kind} 销售额(元)"] == mean
            assert f"{kind} {say_number(mean.quantize(Decimal(1)), '元')}" in words
            assert f">{mean:,.0f}<" in drawing
    assert words.startswith("本月销售额:华东区的商圈店最高,")
    assert "差得最开的是商圈店:华东区比华南区高" in words


async def test_a_ratio_is_of_the_whole_group(desk: Desk) -> None:
    rows = await table(desk, CHEN, "导出 对比 客单价 按 门店类型,区域 本月")

    cell = next(row for row in rows if row["门店类型"] == "商圈店")["华东区 客单价(元)"]
    shops = shops_of("华东区", "商圈店")
    sales, orders = (total(one, lambda shop, _: shop in shops) for one in ("sales", "orders"))
    assert abs(Decimal(str(cell)) - sales / orders) < Decimal("0.000001")


async def test_regions_by_grades_and_nothing_of_few(desk: Desk) -> None:
    """华东区 has ten P2 and five P1 with figures, 华南区 four P2 and two P1."""
    words, drawing = await told(desk, CHEN, "对比 销售额 按 区域,职级 本月")
    rows = {row["区域"]: row for row in await table(desk, CHEN, "导出 对比 销售额 按 区域,职级 本月")}

    for region in ("华东区", "华南区"):
        shops = shops_of(region)
        mean = total("sales", lambda shop, seat, some=shops: shop in some and seat < 2) / (2 * len(shops))  # type: ignore[misc]
        assert rows[region]["P2 销售额(元)"] == mean
        assert f">{mean:,.0f}<" in drawing
    assert rows["华南区"]["P1 销售额(元)"] == "人太少"
    assert "华南区:P1 人太少 · P2 " in words
    assert "不到 4 个人的 1 组不列" in words
    assert ">少<" in drawing
    sums = total("sales", lambda shop, seat: shop in shops_of("华南区") and seat == 2)
    assert f"{sums / 2:,.0f}" not in words + drawing


async def test_stores_within_their_region(desk: Desk) -> None:
    words, drawing = await told(desk, CHEN, "对比 销售额 按 门店,区域 本月")
    rows = await table(desk, CHEN, "对比 销售额 按 门店,区域 本月 导出")

    assert [(row["区域"], row["门店"]) for row in rows if "合起来" in str(row["门店"])] == [
        ("华东区", "5 家合起来"), ("华南区", "2 家合起来"),
    ]  # fmt: skip
    for row in rows:
        name = str(row["门店"])
        shops = [name] if name in SHOPS else shops_of(str(row["区域"]))
        assert row["销售额(元)"] == total("sales", lambda shop, _, some=shops: shop in some)  # type: ignore[misc]
    east = [row for row in rows if row["区域"] == "华东区"][1:]
    assert [row["门店"] for row in east] == ["萧山店", "拱墅店", "临平店", "文二店", "滨康店"]
    assert [row["明显不同"] for row in east] == ["高", "", "", "", ""], "far from its own region's middle"
    assert "▲ 萧山店比华东区的中位高" in words
    assert "华南区不到 5 家,不判谁明显高低" in words
    assert (
        drawing.index("华东区") < drawing.index("萧山店") < drawing.index("华南区") < drawing.index("天河店")
    )


async def test_stores_within_their_type(desk: Desk) -> None:
    rows = await table(desk, CHEN, "导出 对比 销售额 按 门店类型,门店 本月")

    whole = next(row for row in rows if row["门店"] == "4 家平均")
    assert whole["门店类型"] == "商圈店"
    shops = shops_of(kind="商圈店")
    assert whole["销售额(元)"] == total("sales", lambda shop, _: shop in shops) / 4


async def test_a_type_is_a_place_of_its_own(desk: Desk) -> None:
    said = await desk.says_without_picture(CHEN, "对比 销售额 按 门店类型 本月")
    assert said.startswith("销售额 · 按门店类型(店均) · 本月:中位 ")
    weeks = await desk.says_without_picture(CHEN, "对比 销售额 按 门店类型,周")
    assert weeks.startswith("销售额 · 按门店类型(店均),周 · 上周为准")


@pytest.mark.parametrize(
    ("who", "sees"), [(LI, "西湖店"), (WANG, "西湖店"), (ZHOU, "华东区"), (CHEN, "华南区"), (LIN, "华南区")]
)
@pytest.mark.parametrize("by", ["门店,区域", "区域,门店类型", "区域,职级"])
async def test_who_sees_whose(desk: Desk, who: str, sees: str, by: str) -> None:
    """A shop's figures are for itself, its line and the headquarters, also where they are part of a group's."""
    said = await desk.says_without_picture(who, f"对比 销售额 按 {by} 本月")
    if sees == "西湖店":
        assert said.startswith("没有能比的")
        assert "华" not in said
    else:
        assert "华东区" in said
        assert ("华南区" in said) is (sees == "华南区")
        assert COVERED not in said


async def test_at_most_two_and_the_other_way_round(desk: Desk) -> None:
    heard = await desk.dispatch.hear(desk.message(CHEN, "对比 销售额 按 区域,门店类型,职级 本月"))
    assert heard.parcel is not None
    card: Any = heard.parcel.card
    assert card.face.lines[0] == "按区域,门店类型(店均)"
    turned = next(button for button in card.face.buttons if button.label == "行列对换")
    assert turned.say == "对比 销售额 按 门店类型,区域 本月"
    assert "按门店类型,区域(店均)" in await desk.says(CHEN, turned.say)


@pytest.mark.parametrize(
    ("asked", "used", "left", "offered"),
    [
        ("区域,门店类型,职级 本月", "区域和门店类型", "职级", "按 区域,职级 本月"),
        ("区域,门店,周 本月", "区域和门店", "周", "按 区域,周"),
        ("门店,周,区域", "门店和周", "区域", "按 门店,区域"),
    ],
)
async def test_what_there_is_no_room_for_is_said_with_what_shows_it(
    desk: Desk, asked: str, used: str, left: str, offered: str
) -> None:
    for told in (
        await desk.says(CHEN, f"对比 销售额 按 {asked}"),
        await desk.says_without_picture(CHEN, f"对比 销售额 按 {asked}"),
    ):
        line = f"这里按{used}摆,「{left}」没用上;想看发:对比 销售额 {offered}"
        assert line in told, told
    assert "没用上" not in await desk.says(CHEN, f"对比 销售额 {offered}")
