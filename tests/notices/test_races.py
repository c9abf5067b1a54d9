"""Several workers at once: one mail a person, whoever is first; a heart pressed many times is one mark."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Product
from marketplace.notices import articles, choices, favourites, post
from marketplace.notices.models import ArticleNotice, Favourite, Kind
from marketplace.partner.models import StockRecord
from marketplace.users.models import User
from tests.factories import ground
from tests.factories.market import NOW

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _ground(transactional_db: None) -> None:
    """These tests empty all tables; what every database holds is put back before each."""
    ground.lay()


@pytest.fixture
def region(_ground: None, transactional_db: None) -> Any:
    """As in the other tests, after the ground."""
    from tests.factories.market import RegionFactory

    return RegionFactory.create(name="Hüttener Berge")


def at_once(number: int, act: Callable[[], object]) -> list[object]:
    """Let `number` threads start together; what each returns."""
    gate = Barrier(number)

    def run(_mine: int) -> object:
        gate.wait(timeout=20)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_six_workers_send_one_mail(ada: User, saturday: DeliveryRound, sold_out: Product) -> None:
    choices.choose(region=saturday.region, kinds=[Kind.ROUND_OPENS], wanted=True, at=saturday.opens_at, user_id=ada.pk)
    articles.ask(product=sold_out, user=ada, email="", at=NOW)
    StockRecord.objects.filter(product=sold_out).update(num_in_stock=9)
    at = saturday.opens_at.replace(minute=30)
    (letter,) = post.due(region=saturday.region, at=at)
    assert len(letter[1]) == 2
    sent = at_once(6, lambda: post.send(region=saturday.region, letter=letter, at=at))
    assert sorted(map(bool, sent)) == [False] * 5 + [True]
    assert len(mail.outbox) == 1
    assert ArticleNotice.objects.get().told_at == at


def test_one_heart_pressed_at_once_is_one_mark(ada: User, sold_out: Product) -> None:
    at_once(6, lambda: favourites.mark(user=ada, thing=sold_out, at=NOW))
    assert Favourite.objects.count() == 1
