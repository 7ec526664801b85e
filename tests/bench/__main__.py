"""`python3 -m tests.bench`: measures the running server, prints each goal and whether it is reached, writes README's table.

`python3 -m tests.bench peers` measures other systems beside ours instead, with a table of its own. Load goes to the
loopback interface alone. `--quick` and `--only` print and write nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from tests.bench import table
from tests.bench.ground import Ground
from tests.bench.subjects import PEERS, SUBJECTS, Subject
from tests.server import ROOT

README = ROOT / "README.md"
TABLES = {"goals": SUBJECTS, "peers": PEERS}
MARKS = {"goals": "bench", "peers": "bench peers"}
PACKAGES = {"nginx": "nginx-light", "wrk": "wrk"}


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    known = TABLES[options.table]
    if options.list:
        print("\n".join(f"{name:10}{subject.what}" for name, subject in known.items()))
        return 0
    if unknown := [name for name in options.only if name not in known]:
        print(f"Nothing here is called {unknown[0]}; there are: {', '.join(known)}", file=sys.stderr)
        return 1
    chosen = {name: known[name] for name in options.only or known}
    if lacking := missing(chosen):
        packages = " ".join(PACKAGES.get(name, name) for name in lacking)
        print(f"Install {' and '.join(lacking)} first (Debian: apt install {packages}).", file=sys.stderr)
        return 1
    os.environ.pop("DATABASE_URL", None)  # the goals are those of a site on SQLite
    # So that everything that was started is stopped, also where a shell has the signals ignored.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    before = os.getloadavg()[0]
    try:
        rows = run(chosen, options)
    except KeyboardInterrupt:
        print("Stopped; all that was started has ended.", file=sys.stderr)
        return 130
    report = f"{conditions(before)}\n\n{table.markdown(rows)}\n\n{table.summary(rows)}"
    print(report)
    if not (options.quick or options.only):
        table.put_into(README, MARKS[options.table], report)
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python3 -m tests.bench", description="Measures the running server against its goals.")
    made.add_argument("table", nargs="?", default="goals", choices=TABLES, help="goals (without a word) or peers")
    made.add_argument("--only", action="append", default=[], metavar="NAME", help="this subject; may be repeated")
    made.add_argument("--list", action="store_true", help="names the subjects and ends")
    made.add_argument("--quick", action="store_true", help="one round of a second each, small sites: tells whether it works")
    made.add_argument("--rounds", type=int, default=3, help="rounds of each measurement, ours and theirs in turn (3)")
    made.add_argument("--seconds", type=int, default=3, help="whole seconds of each measurement (3)")
    return made


def missing(chosen: dict[str, Subject]) -> list[str]:
    """The programs that a subject needs and this machine lacks."""
    needed = dict.fromkeys(name for subject in chosen.values() for name in subject.needs)
    return [name for name in needed if not shutil.which(name)]


def run(chosen: dict[str, Subject], options: argparse.Namespace) -> list[table.Row]:
    folder = Path(tempfile.mkdtemp(prefix="masthead-bench-"))
    folder.chmod(0o755)  # nginx drops its rights and still has to read
    try:
        rounds, seconds = (1, 1) if options.quick else (options.rounds, options.seconds)
        ground = Ground(folder, rounds, seconds, options.quick)
        return [row for name, subject in chosen.items() for row in measured(name, subject, ground)]
    finally:
        clear(folder)


def clear(folder: Path) -> None:
    """Removes the run's folder; a process that is just ending may write one more file meanwhile."""
    for _ in range(10):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.2)
    print(f"{folder} could not be removed.", file=sys.stderr)


def measured(name: str, subject: Subject, ground: Ground) -> Iterator[table.Row]:
    """A subject's rows, told as they come. One that fails costs the others nothing."""
    print(f"{name}: {subject.what} ...", file=sys.stderr, flush=True)
    try:
        for row in subject.rows(ground):
            print(f"  {row.what}: {row.measured} ({row.goal or 'no goal'}) {row.remark}", file=sys.stderr, flush=True)
            yield row
    except table.Skipped as reason:
        yield table.Row(subject.what, None, None, str(reason))
    except Exception as error:  # whatever it is, the rest is worth having
        traceback.print_exc()
        yield table.Row(subject.what, None, None, f"failed: {type(error).__name__}; see the output")


def conditions(before: float) -> str:
    """Under what the figures were taken, as a sentence."""
    return (
        f"Two web workers, SQLite, Python {platform.python_version()}; medians of rounds in turn, on {os.cpu_count()} cores "
        f"that the load itself shares. Other work on the machine made a load of {before:.1f} when it began."
    )


if __name__ == "__main__":
    sys.exit(main())
