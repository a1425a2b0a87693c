"""The board as people use it, in a real browser: with and without script, on a phone, on a wall."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from tests.bot.board.visitor import CHEN, LI, WANG, Visitor, at_the_board
from tests.conversations.phones import Phone

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
expect = playwright.expect
expect.set_options(timeout=30_000)
PHONE = {"width": 390, "height": 844}
WALL = {"width": 1920, "height": 1080}
PAGES = (
    "/board", "/board/unit", "/board/unit/总部", "/board/people/E0102", "/board/goal/KR8", "/board/map", "/board/ranking",
    "/board/figures", "/board/unit?wall",
)  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(sqlite_company_url: str) -> AsyncIterator[Visitor]:
    async with at_the_board(sqlite_company_url) as come:
        yield come


@asynccontextmanager
async def tab_of(browser: Any, visitor: Visitor, number: str, **options: Any) -> AsyncIterator[Any]:
    """A tab in which somebody has opened the link from the chat. What the page complains of fails the test."""
    context = await browser.new_context(**{"viewport": PHONE, **options})
    try:
        tab = await context.new_page()
        complaints: list[str] = []
        tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        await tab.goto(visitor.base + await visitor.link(number))
        yield tab
        assert complaints == []
    finally:
        await context.close()


async def test_reporting_takes_two_taps_and_no_reload(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, LI) as tab:
        await tab.evaluate("window.same = true")
        row = tab.locator("#KR8")
        await row.locator("input[name=words]").fill("1070")
        await row.locator("button").click()

        await expect(tab.locator("#reply")).to_contain_text("1,050 → 1,070 人")
        await expect(tab.locator("#KR8 .now")).to_have_text("1,070 人")
        await expect(tab.locator("#reply")).to_be_focused()
        assert await tab.evaluate("window.same")

        await tab.locator("#reply button", has_text="撤销").click()
        await expect(tab.locator("#KR8 .now")).to_have_text("1,050 人")


async def test_the_same_without_any_script(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, LI, java_script_enabled=False) as tab:
        row = tab.locator("#KR8")
        await row.locator("input[name=words]").fill("+20")
        await row.locator("input[name=note]").fill("周末活动")
        await row.locator("button").click()

        await expect(tab.locator("#reply")).to_contain_text("1,050 → 1,070 人")
        await tab.locator("#KR10 button", has_text="做成了").click()
        await expect(tab.locator("#KR10 .now")).to_have_text("完成")


async def test_approving_takes_two_taps(browser: Any, visitor: Visitor) -> None:
    await Phone(visitor.stage, "dingtalk", LI).say("修改 KR8 目标值 1200 原因 新店开业")
    async with tab_of(browser, visitor, WANG) as tab:
        wish = tab.locator(".wish", has_text="1,100 → 1,200 人")
        await wish.locator("button", has_text="同意").click()

        await expect(tab.locator("#reply")).to_contain_text("批了")
        await expect(tab.locator(".wish", has_text="1,100 → 1,200 人")).to_have_count(0)


async def test_a_reason_that_is_asked_for_is_typed_where_it_is_asked(browser: Any, visitor: Visitor) -> None:
    await Phone(visitor.stage, "dingtalk", LI).say("修改 KR8 目标值 1200 原因 新店开业")
    async with tab_of(browser, visitor, WANG) as tab:
        await tab.locator(".wish", has_text="1,100 → 1,200 人").locator("button", has_text="驳回").click()
        await expect(tab.locator("#reply input[name=words]")).to_be_focused()
        await tab.keyboard.type("先做稳 1,100")
        await tab.keyboard.press("Enter")

        await expect(tab.locator("#reply")).to_contain_text("驳回")
        await expect(tab.locator(".wish", has_text="1,100 → 1,200 人")).to_have_count(0)


async def test_what_a_colleague_reports_shows_up_by_itself(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, WANG) as tab:
        await tab.goto(f"{visitor.base}/board/people/{LI}")
        await expect(tab.locator(".pulse")).to_be_visible()
        await expect(tab.locator("#KR8 .now")).to_have_text("1,050 人")

        await Phone(visitor.stage, "dingtalk", LI).say("更新 KR8 1070")

        await expect(tab.locator("#KR8 .now")).to_have_text("1,070 人")
        await expect(tab.locator("#KR8 .now .moved")).to_have_count(1)


async def test_nothing_is_taken_away_from_who_is_typing(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, LI) as tab:
        await expect(tab.locator(".pulse")).to_be_visible()
        field = tab.locator("#KR9 input[name=words]")
        await field.fill("6.")
        await Phone(visitor.stage, "dingtalk", LI).say("更新 KR8 1070")
        await tab.wait_for_timeout(2500)  # it has heard of it by now

        await expect(field).to_have_value("6.")
        await field.fill("")
        await field.blur()
        await expect(tab.locator("#KR8 .now")).to_have_text("1,070 人")


async def test_nothing_hangs_out_at_the_side(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, CHEN) as tab:
        for path in PAGES:
            await tab.goto(visitor.base + path)
            for width in (360, 390, 820, 1280, 1920):
                await tab.set_viewport_size({"width": width, "height": 900})
                assert await tab.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


async def test_nothing_jumps_while_it_loads(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, LI) as tab:
        await tab.add_init_script(
            "window.jumped = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.jumped += e.value))"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        for path in PAGES:
            await tab.goto(visitor.base + path)
            await tab.wait_for_load_state("load")
            assert await tab.evaluate("window.jumped") < 0.02, path


async def test_a_wall_fits_its_screen(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, WANG, viewport=WALL) as tab:
        await tab.goto(f"{visitor.base}/board/unit?wall")

        assert await tab.locator("nav").count() == 0
        assert (
            await tab.evaluate("parseFloat(getComputedStyle(document.querySelector('.huge')).fontSize)") > 90
        )
        await tab.locator("a", has_text="退出大屏").click()
        await expect(tab.locator("nav.tabs")).to_be_visible()


async def test_everything_is_reached_by_the_keyboard(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, LI, viewport={"width": 1280, "height": 800}) as tab:
        await tab.keyboard.press("Tab")
        await expect(tab.locator(".skip")).to_be_focused()
        await tab.keyboard.press("Enter")
        await expect(tab.locator("#main")).to_be_focused()
        unnamed = await tab.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), button, a, select')].filter(one =>"
            " !(one.textContent.trim() || one.labels?.[0]?.textContent.trim())).length"
        )
        assert unnamed == 0


async def test_a_used_link_says_what_to_do(browser: Any, visitor: Visitor) -> None:
    link = await visitor.link(LI)
    await visitor.get(link)
    context = await browser.new_context(viewport=PHONE)
    tab = await context.new_page()
    await tab.goto(visitor.base + link)

    await expect(tab.locator("h1")).to_have_text("这个链接已经用过了")
    await expect(tab.locator("main")).to_contain_text("发「看板」")
    await context.close()


LEGIBLE = """
() => {
  const bright = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(one => one / 255)
      .map(s => s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const under = (text) => {
    text.scrollIntoView({block: "center"});
    const at = text.getBoundingClientRect();
    const all = document.elementsFromPoint(at.x + at.width / 2, at.y + at.height / 2);
    for (const one of all) {
      if (one.tagName === "text" || one.tagName === "svg") continue;
      const style = getComputedStyle(one);
      const fill = one instanceof SVGElement ? style.fill : style.backgroundColor;
      if (fill !== "none" && fill !== "rgba(0, 0, 0, 0)") return fill;
    }
  };
  return [...document.querySelectorAll(".drawn text")].map(text => {
    const [high, low] = [bright(getComputedStyle(text).fill), bright(under(text))].sort((a, b) => b - a);
    return [text.textContent, (high + 0.05) / (low + 0.05)];
  });
}
"""


async def test_drawings_are_legible_in_the_light_and_in_the_dark(browser: Any, visitor: Visitor) -> None:
    """Each word of each drawing stands out from what lies under it, at the size at which it is shown."""
    for scheme in ("light", "dark"):
        async with tab_of(browser, visitor, CHEN, color_scheme=scheme) as tab:
            for path in (
                "/board/goal/KR8",
                "/board/ranking",
                "/board/unit/华东区",
                "/board/map",
                "/board/figures",
            ):
                await tab.goto(visitor.base + path)
                found = await tab.evaluate(LEGIBLE)
                assert found, path
                assert [one for one in found if one[1] < 4.5] == [], (scheme, path)


async def test_a_drawing_follows_what_is_reported(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, WANG) as tab:
        await tab.goto(f"{visitor.base}/board/goal/KR8")
        await expect(tab.locator(".pulse")).to_be_visible()
        way = tab.get_by_role("img", name="KR8 走到哪儿了")
        await expect(way).to_contain_text("1,050 人")
        tall = "document.documentElement.scrollHeight"
        before = await tab.evaluate(tall)
        onward = tab.locator("a", has_text="看谁支撑它")
        await onward.focus()

        await Phone(visitor.stage, "dingtalk", LI).say("更新 KR8 1070")

        await expect(way).to_contain_text("1,070 人")
        await expect(onward).to_be_focused()  # whoever reads by keyboard stays where he is
        assert await tab.evaluate(tall) - before < 60  # a line of the history


async def test_a_goal_on_the_map_leads_to_its_page(browser: Any, visitor: Visitor) -> None:
    async with tab_of(browser, visitor, LI) as tab:
        await tab.goto(f"{visitor.base}/board/map")
        own = tab.locator('.drawn a[href="/board/goal/KR8"]')
        await expect(own).to_have_accessible_name("KR8 生鲜区客流量,50%,正常")
        await own.focus()
        await tab.keyboard.press("Enter")
        await expect(tab.locator("#way")).to_have_text("生鲜区客流量走到哪儿了")
        await expect(tab.locator('.steps [aria-current="step"]')).to_contain_text("11月底 1,066 人")
