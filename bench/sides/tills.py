"""Tills that push: `python -m bench.sides.tills URL`, body after body until SIGTERM; then the number of points taken.

The points are of the bench's own company (`bench.company`), of people who do not chat in the meantime.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
from datetime import UTC, datetime, timedelta

import aiohttp

from bench.company import PEOPLE, SECRET

BODY = 5_000


def _body(first: int) -> bytes:
    now = datetime.now(UTC)
    points = [
        {
            "id": f"pos-{n}",
            "metric": random.choice(("sales", "orders", "visitors")),
            "unit": "门店",
            "employee": f"B{random.randrange(PEOPLE):04}",
            "at": (now - timedelta(seconds=random.randrange(86_400))).isoformat(),
            "value": f"{random.randrange(100, 50_000) / 100}",
        }
        for n in range(first, first + BODY)
    ]
    return json.dumps({"points": points}, ensure_ascii=False).encode()


async def main(url: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    taken = 0
    headers = {"Authorization": f"Bearer {SECRET}"}
    async with aiohttp.ClientSession(headers=headers) as client:
        while not stop.is_set():
            body = _body(taken)
            async with client.post(f"{url}/api/v1/metrics", data=body) as response:
                taken += (await response.json())["accepted"]
    print(taken, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
