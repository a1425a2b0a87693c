"""From an SVG to a PNG, in a process of its own: `python -m cards.drawing.png` reads drawings and writes pictures.

Drawing a picture takes some ten milliseconds, a tall one a hundred, and lets no other thread of its process work
meanwhile, so it is nothing for the process that answers people. See docs/decisions/0009-pictures.md.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import zlib
from functools import cache
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET

from cards.drawing.outlines import SPACE, outlined

LENGTH = struct.Struct(">I")
"""What goes before each drawing and each picture: its bytes. A picture of none could not be drawn."""
SCALE = 2
"""Pixels of the picture for a CSS pixel: a phone's screen has two or three."""
NICE = 10
"""Answers to people go before pictures."""
LARGEST = 8000
"""CSS pixels of a side."""
_EFFORT = 4
"""Of packing, 1-9: beyond it a picture becomes hardly smaller, only slower."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WORDS, _COLOURS, _CHANNELS = 8, 2, 3
"""Bits of a channel, and the kind of pixel: red, green, blue."""


def png(svg: str) -> bytes:
    """The picture, on white, lettered in the one font that always comes along. Raises ValueError for what is no drawing."""
    try:
        drawing = ET.fromstring(svg)  # noqa: S314  # our own templates made it
        width, height = (round(float(drawing.get(side, ""))) for side in ("width", "height"))
    except (ET.ParseError, ValueError) as error:
        raise ValueError(f"no drawing: {error}") from None
    if drawing.tag != f"{SPACE}svg" or not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise ValueError(f"no drawing: {drawing.tag} of {width} x {height}")
    outlined(drawing)
    wide, high = width * SCALE, height * SCALE
    return _packed(_pixels(ET.tostring(drawing), wide, high), wide, high)


def _pixels(svg: bytes, width: int, height: int) -> bytes:
    """Red, green, blue and opacity of each, row by row."""
    from thorvg_python.base import Colorspace, Result
    from thorvg_python.canvas.sw import SwCanvas
    from thorvg_python.paint.picture import Picture

    engine = _engine()
    canvas = SwCanvas(engine)
    canvas.set_target(width, height, cs=Colorspace.ABGR8888)
    drawing = Picture(engine)
    if drawing.load_data(svg, "svg", None, copy=True) is not Result.SUCCESS:
        canvas.destroy()
        raise ValueError("no drawing: not understood")
    drawing.set_size(width, height)
    canvas.add(drawing)
    canvas.update()
    canvas.draw(True)
    canvas.sync()
    pixels = bytes(canvas.buffer_arr or b"")
    canvas.destroy()
    return pixels


@cache
def _engine() -> Any:
    from thorvg_python.engine import Engine

    return Engine(threads=0)


def _packed(pixels: bytes, width: int, height: int) -> bytes:
    """As PNG. A drawing covers everything it has, so that its opacity says nothing."""
    colours = bytearray(width * height * _CHANNELS)
    for channel in range(_CHANNELS):
        colours[channel::_CHANNELS] = pixels[channel::4]
    row = width * _CHANNELS
    rows = b"".join(b"\0" + colours[at : at + row] for at in range(0, len(colours), row))
    head = struct.pack(">IIBBBBB", width, height, _WORDS, _COLOURS, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, _EFFORT)), (b"IEND", b""))
    return _SIGNATURE + b"".join(
        LENGTH.pack(len(content)) + kind + content + LENGTH.pack(zlib.crc32(kind + content))
        for kind, content in chunks
    )


def serve(drawings: BinaryIO, pictures: BinaryIO) -> None:
    """Draw what comes, one after the other, until nothing comes any more."""
    while len(head := drawings.read(LENGTH.size)) == LENGTH.size:
        drawing = drawings.read(LENGTH.unpack(head)[0])
        try:
            picture = png(drawing.decode())
        except ValueError as error:
            sys.stderr.write(f"{error}\n")
            picture = b""
        pictures.write(LENGTH.pack(len(picture)) + picture)
        pictures.flush()


if __name__ == "__main__":
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # whoever reads the pictures ends this, by the end of the drawings
    os.nice(NICE)
    serve(sys.stdin.buffer, sys.stdout.buffer)
