"""Every story happens in a town of its own."""

from datetime import date

import pytest

from tests.factories import town as towns
from tests.factories.town import Town

#: a Tuesday; the town's first round is delivered on Saturday, the 7th
TODAY = date(2026, 11, 3)


@pytest.fixture
def town(db: None) -> Town:
    """Three producers, a round, everybody in it, on the first Tuesday of November."""
    return towns.build(today=TODAY)
