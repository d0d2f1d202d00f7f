"""The merchant dashboard: one host for all shops of the signed-in staff account."""

from __future__ import annotations
