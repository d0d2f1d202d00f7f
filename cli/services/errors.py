"""What can go wrong while an embedded service starts, each with the cure in its sentence."""

from __future__ import annotations

from pathlib import Path


class ServiceError(RuntimeError):
    """An embedded service cannot run; the message says why and what to do."""


class BinaryMissingError(ServiceError):
    def __init__(self, wheel: str, binary: str) -> None:
        super().__init__(f"{binary} of the wheel {wheel} is not installed here; run `make setup`.")


class WrongDataVersionError(ServiceError):
    def __init__(self, folder: Path, found: str, expected: str) -> None:
        super().__init__(
            f"{folder} was written by PostgreSQL {found}, this one is {expected}. Dump it with the old "
            "version and restore it, or point SOUK_HOME at another folder."
        )


class FolderBusyError(ServiceError):
    def __init__(self, folder: Path, pid: int) -> None:
        super().__init__(
            f"{folder} is in use by process {pid}. Stop that process, or point SOUK_HOME at another folder."
        )


class UnsafeFolderError(ServiceError):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} exists and belongs to somebody else. Remove it, or point SOUK_HOME at a shorter path."
        )


class UnreachableFolderError(ServiceError):
    def __init__(self, folder: Path, blocked_by: Path, user: str) -> None:
        super().__init__(
            f"PostgreSQL refuses to run as root and the user {user} may not enter {blocked_by}, which leads "
            f"to {folder}. Run as an ordinary user, set SOUK_HOME and the project to folders that everybody "
            f"may enter, or `chmod o+x {blocked_by}`."
        )


class NoUnprivilegedUserError(ServiceError):
    def __init__(self, tried: str) -> None:
        super().__init__(
            f"PostgreSQL refuses to run as root and none of the users {tried} exists. "
            "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        )


class NoSetprivError(ServiceError):
    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL refuses to run as root and `setpriv` is not on PATH to start it as somebody else. "
            "Install util-linux, run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        )


class ServiceDiedError(ServiceError):
    def __init__(self, name: str, code: int, log: Path) -> None:
        super().__init__(f"{name} ended with code {code} while starting. {last_lines(log)}The log is {log}.")


class ServiceSlowError(ServiceError):
    def __init__(self, name: str, seconds: float, log: Path) -> None:
        super().__init__(f"{name} was not ready after {seconds:.0f} s. {last_lines(log)}The log is {log}.")


def last_lines(log: Path, count: int = 4) -> str:
    """The end of a log as part of a sentence, empty when there is none."""
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()[-count:]
    except OSError:
        return ""
    return "Its last words: " + " / ".join(lines) + ". " if lines else ""
