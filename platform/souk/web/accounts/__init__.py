"""The customer's account on the shop's host: pages of ours, which a shop brands by settings only."""

from __future__ import annotations
