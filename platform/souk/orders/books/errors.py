"""What can be wrong with a repair of the books."""

from __future__ import annotations

from souk.kernel.errors import Invalid


class NoRepair(Invalid):
    code = "no_repair"

    def __init__(self) -> None:
        super().__init__("This drift is repaired by a person; follow its advice.")
