"""How a file disappoints."""

from __future__ import annotations


class BadTable(Exception):
    """The file cannot be taken as a table at all; `str()` is a sentence for the person who brought it."""


class TooLong(BadTable):
    """There is more in it than is read of one file."""
