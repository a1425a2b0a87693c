"""python -m tests.crash --rounds 100 [--seed N] [--database sqlite|postgres]"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crash.bot_process import BotFailed
from tests.crash.rounds import crash
from tests.engines import MISSING, SERVER, PostgresServer

MOST_EVIDENCE = 20


def main() -> int:
    asked = _arguments()
    _tell(f"seed {asked.seed}, {asked.database}")
    with (
        tempfile.TemporaryDirectory(prefix="okrbot-crash-") as folder,
        database_for(asked.database, Path(folder)) as url,
    ):
        try:
            verdict = asyncio.run(crash(asked.rounds, asked.seed, url, Path(folder)))
        except BotFailed as failed:
            _tell(f"the bot failed: {failed}")
            return 1
    sys.stdout.write(
        f"{asked.rounds} rounds, {verdict.acknowledged} commands acknowledged, {len(verdict.lost)} lost,"
        f" {len(verdict.doubled)} doubled, {verdict.shown_twice} answers shown twice\n"
    )
    _tell(f"{verdict.outlived} commands were said to one life of the bot and answered by another")
    for finding in list(verdict.evidence())[:MOST_EVIDENCE]:
        _tell(finding)
    return 0 if verdict.holds else 1


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Kill the bot under load.")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    return parser.parse_args()


@contextmanager
def database_for(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite://{folder / 'okrbot.db'}"
        return
    with PostgresServer(SERVER) as server:
        if not server.answers():
            raise SystemExit(MISSING)
        with server.database() as url:
            yield url


if __name__ == "__main__":
    sys.exit(main())
