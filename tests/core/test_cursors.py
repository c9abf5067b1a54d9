"""Statements are prepared, and a list of any length is answered."""

import pytest
from django.db import connection

from marketplace.core import cursors
from marketplace.regions.models import Region
from tests.factories.market import RegionFactory

pytestmark = pytest.mark.django_db
MANY = 70_000


def test_what_is_asked_often_is_prepared() -> None:
    region = RegionFactory.create()
    for _ in range(8):
        assert Region.objects.get(pk=region.pk) == region
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ['%"regions_region"."id" = $1%'])
        assert cursor.fetchone()[0] >= 1
    assert connection.connection.prepared_max == cursors.KEPT


def test_more_values_than_the_protocol_counts_are_answered() -> None:
    region = RegionFactory.create()
    assert list(Region.objects.filter(pk__in=range(region.pk, region.pk + MANY))) == [region]


def test_signs_of_formats_and_quotes_in_a_long_list_stay_what_they_are() -> None:
    region = RegionFactory.create(name="100 % O'Hara {x} %s")
    names = [region.name, *(f"{number} %s '" for number in range(MANY))]
    assert Region.objects.get(name__in=names).name == "100 % O'Hara {x} %s"
