"""Where real input lies that is not ours to publish; whoever uses it skips where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(os.environ.get("SOUK_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
PRODUCTS = FOLDER / "icecat"
NAUGHTY_STRINGS = FOLDER / "naughty-strings" / "blns.json"
ORDERS = FOLDER / "online-retail" / "orders_2009-12_2010-12.csv.gz"
