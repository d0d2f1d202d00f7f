"""A theme's clock runs for what the theme does, and for nothing else."""

from __future__ import annotations

import gc

from themes.sandbox.budget import Budget, Limits, part_of, running


def test_a_look_for_garbage_is_not_on_the_themes_account() -> None:
    page = Budget(Limits(cpu=1.0, wall=600.0))

    with running(page), part_of(page, page.limits.section()) as section:
        asked = section.deadline, page._cpu_end
        gc.collect(0)
        assert section.deadline == asked[0], "the young are the theme's own"
        gc.collect()

    assert section.deadline > asked[0]
    assert page._cpu_end > asked[1], "the page is forgiven what its section was"


def test_a_look_for_garbage_outside_of_themes_moves_no_clock() -> None:
    page = Budget(Limits())
    asked = page.deadline

    gc.collect()

    assert page.deadline == asked


def test_many_looks_for_garbage_do_not_move_the_wall() -> None:
    page = Budget(Limits(cpu=1.0, wall=1.0))

    with running(page):
        gc.collect()

    assert page.deadline <= page._wall_end
