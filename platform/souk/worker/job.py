"""What RQ runs: the deliveries of one job, each under a time limit of its own."""

from __future__ import annotations

from collections.abc import Sequence

from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from souk.worker.deliver import deliver


def run(pod_name: str, delivery_ids: Sequence[int], seconds: int) -> None:
    """Call the consumers in order; one that takes longer than `seconds` is stopped and tried again later.

    Runs in the main thread, where signals arrive. RQ's own limit stands for the whole job and ends with the first
    delivery: a consumer that hangs would take the time of those behind it.
    """
    for delivery_id in delivery_ids:
        with UnixSignalDeathPenalty(seconds, JobTimeoutException):  # type: ignore[no-untyped-call]
            deliver(pod_name, delivery_id)
