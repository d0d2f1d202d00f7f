"""Send load: wrk for single pages, a small pool of buyers for whole checkouts."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_MICROSECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class WrkMissing(RuntimeError):
    def __init__(self) -> None:
        super().__init__("The benchmarks need wrk on PATH: sudo apt-get install wrk")


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float
    failures: int


def wrk(url: str, host: str, *, seconds: int = 5, connections: int = 8, script: Path | None = None) -> Measured:
    """Load one address for `seconds`; `host` goes into the Host header. Raises WrkMissing."""
    program = shutil.which("wrk")
    if program is None:
        raise WrkMissing
    command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", f"Host: {host}", url]
    if script is not None:
        command[1:1] = ["-s", str(script)]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    return Measured(_rate(output), _latency(output, "50%"), _latency(output, "99%"), _failures(output))


def _rate(output: str) -> float:
    found = re.search(r"Requests/sec:\s+([0-9.]+)", output)
    return float(found[1]) if found else 0.0


def _latency(output: str, percentile: str) -> float:
    found = re.search(rf"{percentile}\s+([0-9.]+)(us|ms|s)", output)
    return float(found[1]) * _MICROSECONDS[found[2]] if found else 0.0


def _failures(output: str) -> int:
    not_2xx = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output)
    return (int(not_2xx[1]) if not_2xx else 0) + (sum(map(int, sockets.groups())) if sockets else 0)
