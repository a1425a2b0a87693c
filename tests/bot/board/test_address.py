"""Where people reach the board, and what `okrbot check` says of it."""

from __future__ import annotations

import pytest

from bot.board.web import board_address
from bot.cli.check import _of_board
from config.settings import Server, Settings


@pytest.mark.parametrize(
    ("server", "address", "said"),
    [
        (
            Server(public_url="https://okr.example.com"),
            "https://okr.example.com",
            "看板在 https://okr.example.com/board",
        ),
        (Server(public_url="http://okr.local"), "http://okr.local", "没有加密"),
        (Server(), "http://127.0.0.1:8080", "只有这台机器打得开"),
        (Server(host="0.0.0.0"), "", "不给链接"),
    ],
)
def test_the_address_and_what_is_said_of_it(server: Server, address: str, said: str) -> None:
    settings = Settings(server=server)

    assert board_address(settings, server.port) == address
    assert said in _of_board(settings).text
