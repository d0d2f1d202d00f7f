"""Run the real supervisor and services, with a tiny web server and worker in place of the shops."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from cli.services.child import Child, start_child
from cli.up import processes, supervisor
from cli.up.place import Place

SERVER = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ready")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def start_web(place: Place, env: Mapping[str, str]) -> Child:
    argv = (sys.executable, "-c", SERVER, str(place.port))
    return start_child("web", argv, log=place.logs / "web.log", env=env)


def start_worker(place: Place, env: Mapping[str, str]) -> Child:
    argv = (sys.executable, "-c", "import time; time.sleep(600)", str(place.home))
    return start_child("worker", argv, log=place.logs / "worker.log", env=env)


def start_long_worker(place: Place, env: Mapping[str, str]) -> Child:
    argv = (sys.executable, "-c", "import time; time.sleep(601)", str(place.home))
    return start_child("long worker", argv, log=place.logs / "worker-long.log", env=env)


def run_step(words: Sequence[str], env: Mapping[str, str]) -> None:
    with Path(env["SOUK_HOME"], "steps").open("a") as steps:
        steps.write(" ".join(words[:2]) + "\n")


if __name__ == "__main__":
    processes.start_web, processes.start_worker, processes.run_step = start_web, start_worker, run_step
    processes.start_long_worker = start_long_worker
    supervisor.run(os.environ, demo=True, ready_file=Path(sys.argv[1]), console=Console())
