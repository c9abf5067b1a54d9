"""Order numbers."""

import re

from marketplace.order import numbers


def test_numbers_differ_and_can_be_read_out() -> None:
    drawn = {numbers.draw() for _number in range(200)}
    assert len(drawn) == 200
    assert all(re.fullmatch(r"[ACDEFGHJKMNPQRTUVWXY34679]{4}-[ACDEFGHJKMNPQRTUVWXY34679]{4}", number) for number in drawn)
