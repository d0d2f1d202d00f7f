"""Finds the body of a product by the name its catalogue entry uses."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from cli.demo.pictures import desk, kitchen, lighting, living, softgoods, tableware
from cli.demo.pictures.bodies import Subject
from cli.demo.pictures.relief import Garment

_BUILDERS: dict[str, Callable[[], Subject | Garment]] = {
    "vase-bottle": partial(tableware.vase, "bottle"),
    "vase-round": partial(tableware.vase, "round", stems=True),
    "vase-tall": partial(tableware.vase, "tall", stems=True),
    "vase-urn": partial(tableware.vase, "urn"),
    "cushion-check": partial(living.cushion, "check"),
    "cushion-knit": partial(living.cushion, "chunky"),
    "blanket-check": partial(living.blanket, "check"),
    "blanket-fine": partial(living.blanket, "knit"),
    "notebook-leather": partial(desk.notebook, "leather"),
    "sweater-chunky": partial(softgoods.sweater, "chunky"),
    "scarf-check": partial(living.scarf, "check"),
    "mug-matte": partial(tableware.mug, "stone", "matte"),
}
_MODULES = (tableware, kitchen, lighting, living, desk, softgoods)


class UnknownSubject(KeyError):
    def __init__(self, name: str) -> None:
        super().__init__(f"No picture is drawn for {name!r}; add a function of that name to cli/demo/pictures.")


@lru_cache(maxsize=128)
def subject(name: str) -> Subject | Garment:
    """Build `name` once: `mug`, `table-lamp`, `t-shirt`, ..."""
    if name in _BUILDERS:
        return _BUILDERS[name]()
    for module in _MODULES:
        builder = getattr(module, name.replace("-", "_"), None)
        if builder is not None and not name.startswith("_"):
            built = builder()
            assert isinstance(built, Subject | Garment)
            return built
    raise UnknownSubject(name)
