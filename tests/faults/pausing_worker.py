"""A real worker with one consumer that stops in the middle, so that it can be killed there.

`python -m tests.faults.pausing_worker FOLDER inside|after|never`: it touches FOLDER/paused and then sleeps, once.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

import migrations.metadata  # noqa: F401 - foreign keys need every model
from souk.content.models import Redirect
from souk.kernel.outbox import Job, once
from souk.worker.consumers import register
from souk.worker.run import run_worker

LONG = 300.0


def work(folder: Path, moment: str) -> None:
    def pause(here: str) -> None:
        if here == moment and not (folder / "paused").exists():
            (folder / "paused").touch()
            time.sleep(LONG)

    def consume(job: Job) -> None:
        with once(job) as session:
            session.execute(insert(Redirect).values(path=f"/{job.event.subject_id}-{uuid4()}", target="/"))
            pause("inside")
        pause("after")

    register("order.placed", "pausing", consume)
    run_worker("default")


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2])
