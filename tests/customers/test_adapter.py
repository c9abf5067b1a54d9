"""Mails about accounts are signed by the region."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories.market import RegionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_mail_names_the_region(settings: Any) -> None:
    settings.ACCOUNT_ADAPTER = "marketplace.customers.adapter.AccountAdapter"
    region, ada = RegionFactory.create(name="Hüttener Berge"), UserFactory.create()
    Client().post(reverse("account_reset_password"), {"email": ada.email})
    (message,) = mail.outbox
    assert region.name in message.body
    assert "example.com" not in f"{message.body}{message.subject}"
    assert "Sie erhalten diese E-Mail" in message.body
