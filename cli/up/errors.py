"""Why a start was given up, each with the cure."""

from __future__ import annotations

from pathlib import Path


class StartError(RuntimeError):
    """The platform cannot be started; the message says why and what to do."""


class PortTakenError(StartError):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Another program listens on {host}:{port}. Stop it, or choose: SOUK_PORT={port + 1} make demo"
        )


class HomeTakenError(StartError):
    def __init__(self, home: Path) -> None:
        super().__init__(f"Another `souk up` runs in {home}. Stop it, or set SOUK_HOME to another folder.")


class StepFailedError(StartError):
    def __init__(self, step: str, code: int) -> None:
        super().__init__(f"`souk {step}` failed with code {code}; its words stand above. `souk doctor` looks further.")


class NotReadyError(StartError):
    def __init__(self, seconds: float, answer: str, logs: Path) -> None:
        super().__init__(f"The shops did not answer within {seconds:.0f} s ({answer}). The logs are in {logs}.")


class StoppedError(StartError):
    """Somebody asked to stop before everything was up."""

    def __init__(self) -> None:
        super().__init__("Stopped before everything was up.")
