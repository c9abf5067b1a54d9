"""What editors schedule happens by itself."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cms import tasks
from cms.models import StandardPage
from tests.cms import market

pytestmark = pytest.mark.django_db


def scheduled(**when: Any) -> StandardPage:
    _region, _products, home = market.market(0)
    page = StandardPage(title="Weihnachtsmarkt", slug="weihnachten", live=False, **when)
    home.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def test_publish_scheduled_pages_publishes_when_it_is_time(client: Client) -> None:
    scheduled(go_live_at=timezone.now() + timedelta(hours=1))
    tasks.publish_scheduled_pages()
    assert client.get("/weihnachten/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        tasks.publish_scheduled_pages()
        tasks.publish_scheduled_pages()
        assert client.get("/weihnachten/").status_code == 200


def test_publish_scheduled_pages_takes_down_what_expired(client: Client) -> None:
    page = scheduled()
    assert client.get("/weihnachten/").status_code == 200
    StandardPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    tasks.publish_scheduled_pages()
    assert client.get("/weihnachten/").status_code == 404


def test_schedule_knows_the_task(settings: Any) -> None:
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.publish_scheduled_pages.name in names
