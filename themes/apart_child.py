"""The process that checks a theme: a ZIP on its standard input, findings as JSON on its standard output."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import astuple

CPU_SECONDS = 30
MEMORY = 1024 * 1024 * 1024


def main(task: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # What is found must be all that the parent reads: whatever logs, logs to standard error.
    import structlog  # noqa: PLC0415 - behind the limits, as the rest

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    from themes.archive import unpack  # noqa: PLC0415
    from themes.upload import ThemeRefused, check_upload  # noqa: PLC0415
    from themes.validate import check  # noqa: PLC0415

    files = unpack(sys.stdin.buffer.read())
    try:
        findings = check_upload(files) if task == "upload" else check(files)
    except ThemeRefused as refused:
        findings = refused.findings
    sys.stdout.write(json.dumps([astuple(each) for each in findings]))


if __name__ == "__main__":
    main(sys.argv[1])
