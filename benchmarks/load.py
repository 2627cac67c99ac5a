"""A small closed-loop load generator: raw HTTP/1.1 over kept-alive connections, requests made beforehand.

It costs a few dozen microseconds a request, so that on a small machine most of the time goes to the server
that is measured. Every client sends its next request when the last one is answered.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

READ_BYTES = 65536


@dataclass(frozen=True)
class Result:
    """What one run measured; times in milliseconds."""

    requests: int
    seconds: float
    failed: int
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Answered requests a second."""
        return self.requests / self.seconds


def run(port: int, requests: Sequence[bytes], clients: int) -> Result:
    """Send all requests, `clients` at a time."""
    return asyncio.run(_run(port, requests, clients))


async def _run(port: int, requests: Sequence[bytes], clients: int) -> Result:
    left = iter(requests)
    times: list[float] = []
    failed = 0

    async def client() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in left:
            began = time.perf_counter()
            writer.write(request)
            status = await _read_answer(reader)
            times.append(time.perf_counter() - began)
            failed += status != b"200"
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    seconds = time.perf_counter() - began
    cuts = quantiles(times, n=100)
    return Result(len(times), seconds, failed, cuts[49] * 1e3, cuts[94] * 1e3, cuts[98] * 1e3)


async def _read_answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    _, _, rest = head.lower().partition(b"content-length:")
    await reader.readexactly(int(rest.partition(b"\r\n")[0]))
    return head[9:12]


def post(path: str, body: bytes, **headers: str) -> bytes:
    """The bytes of one POST of a form."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/x-www-form-urlencoded"]
    lines += [f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body
