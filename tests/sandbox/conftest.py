"""The page on a loopback port, and a browser to look at it with."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from sandbox.page_server import Page
from tests.sandbox.paper_office import PaperOffice, paper_office

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def paper() -> PaperOffice:
    return paper_office()


@pytest_asyncio.fixture(loop_scope="module")
async def page_url(paper: PaperOffice) -> AsyncIterator[str]:
    """Where the page of the paper office is served, with a slash at its end."""
    page = Page(paper.office)
    app = web.Application()
    app.add_routes(page.routes())
    app.on_shutdown.append(page.close)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(page_url: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(page_url, timeout=aiohttp.ClientTimeout(30)) as session:
        yield session


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    """One browser for all tests of a module: it takes seconds to start."""
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    if shutil.which(CHROMIUM) is None:
        pytest.skip("there is no chromium at /usr/bin/chromium")
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def tab(browser: Any, page_url: str) -> AsyncIterator[Any]:
    """A fresh tab with the page in it, which must say nothing on its console."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    tab = await context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.set_default_timeout(30_000)
    await tab.goto(page_url)
    await tab.wait_for_selector(":root.ready")
    yield tab
    await context.close()
    assert complaints == []
