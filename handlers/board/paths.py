"""What the pages of the board are asked with, and what is not there."""

from __future__ import annotations

from collections.abc import Mapping

Query = Mapping[str, str]
"""What follows the question mark of an address."""


class NoSuchPage(Exception):
    """There is nothing at this address."""
