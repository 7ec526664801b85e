"""`python3 -m tests.bench`: the article page beside the same bytes from nginx, in one run, as ratios.

Needs nginx and wrk. Load goes to the loopback interface alone. Prints a table, and writes it into README.md.
"""

from __future__ import annotations

import gzip
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests.bench.load import Result, measure
from tests.server import ROOT, free_port, run_site, stop

ROUNDS = 3
SECONDS = 3
CONNECTIONS = (1, 16, 64)
ARTICLE = "/the-power-struggle-in-ai/"
CONFIG = """
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 2048; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; gzip_static on; default_type text/html;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port} reuseport; root {folder}/root; index index.html; }}
}}
"""


def start_nginx(folder: Path, body: bytes) -> tuple[subprocess.Popen, str]:
    """nginx serving `body` and its gzip form at /; the process and its address."""
    port = free_port()
    (folder / "root").mkdir()
    (folder / "root/index.html").write_bytes(body)
    (folder / "root/index.html.gz").write_bytes(gzip.compress(body, 6))
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port))
    folder.chmod(0o755)
    process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    return process, f"http://127.0.0.1:{port}/"


def compare(what: str, ours: tuple[str, int], theirs: tuple[str, int], connections: int) -> list[str]:
    """A row of the table: the medians of ROUNDS rounds in turn."""
    pairs: list[tuple[Result, Result]] = []
    for _ in range(ROUNDS):
        pairs.append((measure(*ours, connections, SECONDS), measure(*theirs, connections, SECONDS)))
    requests = statistics.median(a.requests / b.requests for a, b in pairs)
    cpu = statistics.median(a.cpu_us / b.cpu_us for a, b in pairs)
    p99 = statistics.median(a.p99_ms / b.p99_ms for a, b in pairs)
    p50 = statistics.median(a.p50_ms for a, _ in pairs)
    own = statistics.median(a.cpu_us for a, _ in pairs)
    return [what, str(connections), f"{requests:.3g}", f"{p99:.1f}", f"{cpu:.1f}", f"{p50:.2f} ms", f"{own / 1000:.2f} ms"]


def table(rows: list[list[str]]) -> str:
    head = ["the article page", "connections", "requests/s ÷ nginx", "p99 ÷ nginx", "CPU ÷ nginx", "p50", "CPU a request"]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def measured(folder: Path, what: str, counts: tuple[int, ...], **settings: str) -> list[list[str]]:
    """The rows of one way to serve, each beside nginx with the same bytes."""
    folder.mkdir()
    site = run_site(folder / "data", **settings)
    address = site.url + ARTICLE
    with urllib.request.urlopen(address) as answer:
        body = answer.read()
    nginx, static = start_nginx(folder, body)
    try:
        for _ in range(20):  # both workers have drawn it once
            urllib.request.urlopen(address).close()
        return [compare(what, (address, site.process.pid), (static, nginx.pid), count) for count in counts]
    finally:
        nginx.terminate()
        nginx.wait()
        stop(site)


def main() -> int:
    missing = [name for name in ("nginx", "wrk") if not shutil.which(name)]
    if missing:
        print(f"Install {' and '.join(missing)} first (Debian: apt install nginx-light wrk).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="masthead-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        rows = measured(folder / "kept", "kept", (1, 16, 64))
        rows += measured(folder / "drawn", "drawn anew each time", (1, 16), MASTHEAD_PAGE_STORE_MB="0")
    report = table(rows)
    print(report)
    put_into_readme(report)
    return 0


def put_into_readme(report: str) -> None:
    readme = ROOT / "README.md"
    note = "Two workers facing the network, gzip, connections kept alive; nginx serves the same bytes by `gzip_static`.\n\n"
    marked = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.S)
    readme.write_text(marked.sub(lambda match: f"{match[1]}{note}{report}\n{match[2]}", readme.read_text()))


if __name__ == "__main__":
    sys.exit(main())
