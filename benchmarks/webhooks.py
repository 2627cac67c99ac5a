"""How fast a child's webhooks are answered, beside two reference routes on the same server in the same run.

`make bench` runs it: it starts a PostgreSQL, a Redis-compatible server and the production web server of its
own, and prints rates, their ratios and p50/p95/p99. The ratios travel between machines; the rates do not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

from benchmarks.load import Result, post, run
from benchmarks.signed import Callers, new_call_sid
from tests.helpline.conftest import settings_for
from tests.helpline.phone_company import ACCOUNT_SID, AUTH_TOKEN, HELPLINE
from tests.journeys.running_service import Process, as_environment, free_port
from tests.servers import ServersFolder, TestPostgres, TestValkey

CLIENTS = (1, 8, 32)
ROUNDS = 3
# A rival service in another language, one plain write, on two such cores with 32 clients.
RIVAL_RATE, RIVAL_P95_MS = 1230, 40
CPU_REQUESTS = 1500


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--requests", type=int, default=2000, help="requests a route and round (default 2000)")
    wanted = reader.parse_args()
    folder = ServersFolder()
    postgres, valkey = TestPostgres(folder), TestValkey(folder)
    port = free_port()
    settings = settings_for(
        postgres.create_database(), valkey.url, PUBLIC_BASE_URL=f"http://127.0.0.1:{port}", PORT=str(port)
    )
    os.environ |= as_environment(settings)
    try:
        subprocess.run([sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"], check=True)
        callers = Callers(ACCOUNT_SID, AUTH_TOKEN, settings.public_base_url, HELPLINE)
        measure_cpu(callers)
        measure_rates(port, callers, wanted.requests)
    finally:
        postgres.stop()
        valkey.stop()
        folder.remove()


def measure_rates(port: int, callers: Callers, count: int) -> None:
    """Requests a second through the production web server, routes interleaved."""
    server = _start_server(port)
    try:
        _compare(port, callers, count)
    finally:
        server.stop()


def _start_server(port: int) -> Process:
    from helpline.onebox.children import Program
    from helpline.onebox.web_server import web_server_command

    command = [
        part.replace("app:create_app", "benchmarks.bench_app:create_bench_app")
        for part in web_server_command("127.0.0.1", port)
    ]
    log = Path(tempfile.mkstemp(prefix="bench-web-")[1])
    server = Process(
        Program("web", tuple(command), dict(os.environ), log, Path.cwd()), f"http://127.0.0.1:{port}/healthz"
    )
    server.start()
    return server


def _compare(port: int, callers: Callers, count: int) -> None:
    print(f"{'clients':>7} {'route':24} {'a second':>9} {'p50 ms':>7} {'p95 ms':>7} {'p99 ms':>7} {'to insert':>9}")
    for clients in CLIENTS:
        routes = {"constant": [], "single INSERT": [], "/voice/incoming": [], "danger key": []}
        for _round in range(ROUNDS):
            for route, requests in _requests(port, callers, count // (4 if clients == 1 else 1)).items():
                routes[route].append(run(port, requests, clients))
        best = {
            route: sorted(results, key=lambda result: result.rate)[ROUNDS // 2] for route, results in routes.items()
        }
        for route, result in best.items():
            _print(clients, route, result, best["single INSERT"])
    result = best["/voice/incoming"]
    print(f"\n/voice/incoming at 32 clients: {result.rate / RIVAL_RATE:.2f} times a rival's {RIVAL_RATE} a second")
    print(f"with one plain write (p95 {result.p95_ms:.0f} ms; theirs {RIVAL_P95_MS} ms). Aim: at least 1.40.")


def _requests(port: int, callers: Callers, count: int) -> dict[str, list[bytes]]:
    sids = [new_call_sid() for _ in range(count)]
    forms = [callers.form(number, sid) for number, sid in enumerate(sids)]
    incoming = [callers.request("/voice/incoming", form) for form in forms]
    danger = [callers.request("/voice/step?n=1", form | {"CallStatus": "in-progress", "Digits": "9"}) for form in forms]
    plain = {name: [post(f"/bench/{name}", b"")] * count for name in ("constant", "insert")}
    return {
        "constant": plain["constant"],
        "single INSERT": plain["insert"],
        "/voice/incoming": incoming,
        "danger key": danger,
    }


def _print(clients: int, route: str, result: Result, insert: Result) -> None:
    failed = f"  {result.failed} FAILED" if result.failed else ""
    print(
        f"{clients:7} {route:24} {result.rate:9.0f} {result.p50_ms:7.2f} {result.p95_ms:7.2f} {result.p99_ms:7.2f}"
        f" {result.rate / insert.rate:9.2f}{failed}"
    )


def measure_cpu(callers: Callers) -> None:
    """Processor time a request inside one process: no server, no network but the database's."""
    from benchmarks.bench_app import create_bench_app

    application = create_bench_app().wsgi_app
    constant = [_environ("/bench/constant", b"", "") for _ in range(CPU_REQUESTS)]
    incoming = []
    for number in range(CPU_REQUESTS):
        raw = callers.request("/voice/incoming", callers.form(number, new_call_sid()))
        head, _, body = raw.partition(b"\r\n\r\n")
        signature = head.decode().partition("X-Twilio-Signature: ")[2].partition("\r\n")[0]
        incoming.append(_environ("/voice/incoming", body, signature))
    for warm_up in (constant[:100], incoming[:100]):
        _cpu_of(application, warm_up)
    constant_s = _cpu_of(application, constant[100:])
    incoming_s = _cpu_of(application, incoming[100:])
    print(f"CPU a request, in process: constant {constant_s * 1e6:.0f} us, /voice/incoming {incoming_s * 1e6:.0f} us,")
    print(f"ratio {incoming_s / constant_s:.1f}. Aim: at most 12.\n")


def _cpu_of(application, environs: list[dict]) -> float:
    began = time.process_time()
    for environ in environs:
        body = application(environ, lambda status, headers, error=None: None)
        b"".join(body)
        body.close()
    return (time.process_time() - began) / len(environs)


def _environ(path: str, body: bytes, signature: str) -> dict:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_X_TWILIO_SIGNATURE": signature,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


if __name__ == "__main__":
    main()
