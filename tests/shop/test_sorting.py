"""The page that explains the order of lists says what the weights do."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.catalogue import ranking, search
from marketplace.regions.models import Region
from marketplace.shop import sorting


def test_the_weightiest_is_named_first() -> None:
    weights = sorted((ranking.PRIORITY, ranking.AWAY, ranking.TURN, ranking.KIND), reverse=True)
    assert sorting.recommended() == [sorting.RECOMMENDED[weight] for weight in weights]
    assert sorting.recommended()[0] == sorting.RECOMMENDED[ranking.PRIORITY]


def test_the_key_follows_what_the_page_says() -> None:
    """Each criterion outweighs all after it."""
    plain: dict[str, Any] = {"priority": 0, "away": False, "turn": 1, "is_service": False}
    steps: list[dict[str, Any]] = [{"priority": -1}, {"away": True}, {"turn": 2}, {"is_service": True}]
    keys = [ranking.key(**{**plain, **step}) for step in steps]
    assert keys == sorted(keys, reverse=True)


def test_the_search_is_explained_by_its_ranks() -> None:
    ranks = (search.EXACT, search.WHOLE, search.BEGINS, search.HOLDS, search.ELSEWHERE)
    assert list(ranks) == sorted(sorting.FOUND)
    assert sorting.found() == [sorting.FOUND[rank] for rank in ranks]


@pytest.mark.django_db
def test_the_page_is_reached_from_the_market(client: Client, region: Region) -> None:
    address = reverse("catalogue:ranking")
    assert address in client.get(reverse("catalogue:index")).content.decode()
    page = client.get(address).content.decode()
    places = [page.index(str(words).replace("'", "&#x27;")) for words in (*sorting.recommended(), *sorting.found())]
    assert places == sorted(places)
