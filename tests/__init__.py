"""The suite; `tests.factories` and `tests.fixtures` may be used by plugin authors."""
