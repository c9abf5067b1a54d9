"""Withdrawing from a contract: without login, confirmed in two steps, receipted once."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from marketplace.order import tasks, withdrawals
from tests.factories.market import NOW, RegionFactory

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Grete Beispiel", "number": "AC3K-7QXM", "email": "grete@post.example", "goods": "der Korb aus Weide"}


def test_declaration_is_receipted_once() -> None:
    region = RegionFactory.create()
    entry = withdrawals.declare(region=region, declaration=withdrawals.Declaration(**GIVEN), at=NOW)
    assert withdrawals.without_receipt() == [entry.pk]
    tasks.send_due_confirmations()
    tasks.send_due_confirmations()
    (message,) = mail.outbox
    assert (message.to, message.bcc) == (["grete@post.example"], [region.email])
    assert all(value in message.body for value in GIVEN.values())
    assert "24. November 2026" in message.body
    assert "12:00 Uhr" in message.body


def test_two_steps_without_login(django_capture_on_commit_callbacks: Any) -> None:
    RegionFactory.create()
    client, url = Client(), reverse("checkout:withdraw")
    checked = client.post(url, GIVEN)
    assert checked.status_code == 200
    assert withdrawals.without_receipt() == []
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(url, {**GIVEN, "confirmed": "1"})
    assert done.context["entry"].new["number"] == "AC3K-7QXM"
    assert len(mail.outbox) == 1


def test_unknown_order_is_answered_like_a_known_one() -> None:
    RegionFactory.create()
    assert Client().post(reverse("checkout:withdraw"), {**GIVEN, "number": "?", "confirmed": "1"}).status_code == 200


def test_incomplete_declaration_is_asked_again() -> None:
    RegionFactory.create()
    assert Client().post(reverse("checkout:withdraw"), {"name": "Grete"}).status_code == 422
