"""Orders: snapshots that never change by themselves, with everything that happened to them."""
