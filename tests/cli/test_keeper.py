"""All that works is asked to stop at once, and the services that it leans on only when it has ended."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from cli.services.child import Child, start_child
from cli.up.keeper import Keeper

# Ends by itself when both have been asked, and writes down how often it was.
WORKER = """
import signal, sys, time
from pathlib import Path
own, other = map(Path, sys.argv[1:])
def asked(number, frame):
    with own.open("a") as file:
        file.write("asked ")
signal.signal(signal.SIGTERM, asked)
own.with_suffix(".up").touch()
while not (own.exists() and other.exists()):
    time.sleep(0.01)
time.sleep(0.2)
"""
SERVICE = "import sys, time; open(sys.argv[1] + '.up', 'w'); time.sleep(600)"


def test_workers_finish_beside_each_other_and_are_asked_once(tmp_path: Path) -> None:
    keeper, children = Keeper(say=print), dict[str, Child]()

    def starter(name: str, code: str, *arguments: str) -> Callable[[], Child]:
        def start() -> Child:
            log = tmp_path / f"{name}.log"
            children[name] = start_child(name, (sys.executable, "-c", code, *arguments), log=log)
            children[name].wait_until((tmp_path / f"{name}.up").exists)
            return children[name]

        return start

    own, other = str(tmp_path / "first"), str(tmp_path / "second")
    keeper.add("service", starter("service", SERVICE, str(tmp_path / "service")), is_service=True)
    keeper.add("first", starter("first", WORKER, own, other))
    keeper.add("second", starter("second", WORKER, other, own))

    keeper.stop()

    # One that waited for the other in vain would have been killed in the end.
    assert [children[name].popen.returncode for name in ("first", "second", "service")] == [0, 0, -15]
    assert [Path(path).read_text() for path in (own, other)] == ["asked ", "asked "]
