"""okrbot demo: the bot in a make-believe office, in the browser, without any account."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from bot.cli.options import Failed, run_async
from bot.single import AlreadyRunning
from bot.telemetry import log_as_json


@click.command()
@click.option("--port", default=8080, show_default=True, help="网页的端口")
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), default=Path("data/demo"), show_default=True
)
@click.option("--fresh", is_flag=True, help="从头开始,丢掉上次试的")
@click.option("--config", "config_file", type=click.Path(path_type=Path), default=None, hidden=True)
def demo(port: int, data: Path, config_file: Path | None, *, fresh: bool) -> None:
    """在浏览器里试用:一家小公司、两部手机,不用账号、不用联网、不用配置。"""
    del config_file  # accepted everywhere; the sandbox brings its own
    from sandbox.demo import serve

    log_as_json(logging.WARNING)
    try:
        run_async(serve(data, fresh=fresh, port=port, say=click.echo))
    except AlreadyRunning:
        raise Failed(f"{data} 里已经有一个试用在跑,换个 --data,或者先停掉它") from None
