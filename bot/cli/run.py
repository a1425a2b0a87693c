"""okrbot run: the bot, until SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from pathlib import Path

import click
import structlog

from bot.cli.options import Failed, config_option, run_async, settings_from
from bot.single import AlreadyRunning
from bot.telemetry import log_as_json
from config.settings import Settings

log = structlog.get_logger(__name__)

SWITCH = 0.0005
"""Seconds that one of our two threads may keep the interpreter: a command is a fraction of a millisecond."""


@click.command()
@config_option
def run(config_file: Path | None) -> None:
    """运行机器人。收到 SIGTERM 会先做完手上的事,10 秒内退出。"""
    settings = settings_from(config_file)
    if not (settings.dingtalk.enabled or settings.wecom.enabled):
        raise Failed("dingtalk 和 wecom 都没有启用,在 bot.yaml 里打开至少一个;想先试试:okrbot demo")
    log_as_json()
    sys.setswitchinterval(SWITCH)
    try:
        run_async(_run(settings, config_file))
    except AlreadyRunning as other:
        raise Failed(f"这个数据库上已经有一个 okrbot 在运行({other});多台一起跑请用 PostgreSQL") from None


async def _run(settings: Settings, config_file: Path | None) -> None:
    from bot.application import running
    from bot.reloading import reload_on_change

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings) as application:
        gc.freeze()  # what start-up made stays: the collector need not look at it again and again
        log.info("ready", port=application.port)
        watching = asyncio.create_task(reload_on_change(application, config_file))
        await stop.wait()
        watching.cancel()
        log.info("stopping")
