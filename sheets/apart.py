"""Reads or writes one table in a process of its own, from its input to its output.

`python -m sheets.apart read NAME` takes a file and tells what is in it, `write .xlsx` takes a packed table and gives the
file. A file from outside may take any time and memory to take apart; here that ends with the process, and keeps nobody waiting.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from sheets.errors import BadTable
from sheets.packing import unpacked
from sheets.reading import read_table
from sheets.table import Row, Table
from sheets.writing import rendered

MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space."""
SECONDS = 30
"""Of the processor."""


def told(content: bytes, name: str) -> bytes:
    """What `heard` reads."""
    try:
        table = read_table(content, name)
    except BadTable as bad:
        return json.dumps({"bad": str(bad)}).encode()
    rows = [[row.line, [row.cells[heading] for heading in table.header]] for row in table.rows]
    return json.dumps({"header": table.header, "rows": rows}).encode()


def heard(answer: bytes) -> Table:
    """The table that was told. Raises BadTable, and ValueError where nothing sensible was."""
    said: Any = json.loads(answer)
    if "bad" in said:
        raise BadTable(said["bad"])
    header = tuple(said["header"])
    return Table(
        header, tuple(Row(line, dict(zip(header, cells, strict=True))) for line, cells in said["rows"])
    )


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    _, how, name = sys.argv
    content = sys.stdin.buffer.read()
    made = told(content, name) if how == "read" else rendered(name, unpacked(content))
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
