"""From an SVG to a PNG, in a process of its own: `python -m cards.drawing.png` reads drawings and writes pictures.

Drawing a picture takes a tenth of a second or more and lets no other thread of its process work meanwhile, so it is
nothing for the process that answers people. See docs/decisions/0009-pictures.md.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
from pathlib import Path
from typing import BinaryIO

LENGTH = struct.Struct(">I")
"""What goes before each drawing and each picture: its bytes. A picture of none could not be drawn."""
SCALE = 2.0
"""Pixels of the picture for a CSS pixel: a phone's screen has two or three."""
NICE = 10
"""Answers to people go before pictures."""
_FONT_FILE = "NotoSansCJK-VF.otf.ttc"


def png(svg: str) -> bytes:
    """The picture, lettered in the one font that always comes along. Raises ValueError for what is no drawing."""
    import manimgx_fonts_cjk
    import resvg_py

    font = Path(manimgx_fonts_cjk.__file__).with_name(_FONT_FILE)
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, zoom=SCALE, skip_system_fonts=True, font_files=[str(font)])
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
