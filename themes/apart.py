"""Check a theme in a process apart: what hostile files do to the checker, they do to nobody else.

The child (`themes.apart_child`) has limits on memory and CPU time, no environment, and no open files of ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from themes.archive import pack
from themes.files import ThemeFiles
from themes.upload import ThemeRefused
from themes.validate import Finding, errors

SECONDS = 60
_COSTLY = "Checking the theme takes too long or too much memory; make its largest files smaller."


def check_apart(files: ThemeFiles, *, trial: bool = True) -> list[Finding]:
    """Return the warnings of a theme that may be used, as `themes.upload.check_upload`; raises ThemeRefused.

    Without `trial` the pages are not drawn: whoever saves a file waits for the answer.
    """
    findings = _run(pack(files), "upload" if trial else "check")
    if errors(findings):
        raise ThemeRefused(errors(findings) + [each for each in findings if each.severity != "error"])
    return findings


def _run(archive: bytes, task: str) -> list[Finding]:
    command = [sys.executable, "-s", "-m", "themes.apart_child", task]
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter with our own module
            command, input=archive, capture_output=True, timeout=SECONDS, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired:
        return [_too_costly()]
    # A signal or a crash: the files are at fault and not we.
    return [Finding(*each) for each in json.loads(child.stdout)] if child.returncode == 0 else [_too_costly()]


def _too_costly() -> Finding:
    return Finding("theme.json", 1, "too-costly", "error", _COSTLY)


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "LC_ALL": "C.UTF-8"}
