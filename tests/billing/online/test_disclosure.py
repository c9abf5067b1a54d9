"""What the privacy notice says of the payment provider is what is sent to it, and it stands wherever somebody decides."""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from billing.online import disclosure, links, provider, remitting
from billing.online.disclosure import FIELDS, OF_CUSTOMERS, OF_PRODUCERS
from marketplace.partner.models import Partner
from tests.billing.online.bank import PracticeBank
from tests.dashboard.people import logged_in
from tests.factories import orders
from tests.factories.market import UserFactory


def sent(module: ModuleType) -> Iterator[str]:
    """The names of all fields that a module puts into its questions."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        keys = node.keys if isinstance(node, ast.Dict) else [node.slice] if isinstance(node, ast.Subscript) else []
        for key in keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier():
                yield key.value


def test_every_field_that_is_sent_is_told() -> None:
    fields = {*sent(provider), *sent(remitting)} - {"error"}  # that one is read
    assert fields - {"api"} - FIELDS.keys() == set()
    assert {item for item in FIELDS.values() if item is not None} == {*OF_CUSTOMERS, *OF_PRODUCERS}


@pytest.mark.django_db
def test_it_is_told_to_who_pays_and_to_who_is_paid(till: orders.Till, bank: PracticeBank, dairy: Partner) -> None:
    site = till.region.site
    setup_page(till)
    visitor = Client(headers={"host": site.hostname})
    notice = visitor.get("/datenschutz/").content.decode()
    for told in (disclosure.of_customers(), disclosure.of_producers()):
        assert f'id="{told.anchor}"' in notice
        assert all(item in notice for item in told.passed)
    order = till.place()
    page = visitor.get(reverse("billing:pay", args=[links.sign(target=order)])).content.decode()
    assert 'href="/datenschutz/#stripe"' in page
    person, owner = UserFactory.create(), UserFactory.create()
    dairy.users.add(owner)
    assert disclosure.of_customers().not_passed in logged_in(person).get(reverse("customer:data")).content.decode()
    assert disclosure.of_producers().not_passed in logged_in(owner).get(reverse("dashboard:payout_account")).content.decode()


@pytest.mark.django_db
def test_where_nobody_pays_online_nothing_is_said(till: orders.Till, settings: object) -> None:
    setup_page(till)
    settings.STRIPE_KEY = ""  # type: ignore[attr-defined]
    assert "Stripe" not in Client(headers={"host": till.region.site.hostname}).get("/datenschutz/").content.decode()
    assert "Stripe" not in logged_in(UserFactory.create()).get(reverse("customer:data")).content.decode()


def setup_page(till: orders.Till) -> None:
    """The privacy notice of the region, as editors keep it."""
    from cms.models import StandardPage

    root = Site.objects.get(pk=till.region.site_id).root_page
    root.add_child(instance=StandardPage(title="Datenschutz", slug="datenschutz"))
