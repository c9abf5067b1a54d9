"""What every database holds before the first test: Wagtail's root and locale, VAT rates, the triggers of billing."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange


def lay() -> None:
    """Put it there if it is not; safe to call again, e.g. after a test that emptied the tables."""
    from django.contrib.sites.models import Site as OldSite
    from wagtail.models import Collection, Locale, Page, Site

    from marketplace.core.models import VatRate
    from marketplace.core.rates import KNOWN_RATES

    Locale.objects.get_or_create(language_code="de")
    OldSite.objects.get_or_create(pk=settings.SITE_ID, defaults={"domain": "localhost", "name": "Marktrunde"})
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")
    root = Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root"))
    if not Site.objects.exists():
        home = root.add_child(instance=Page(title="Start", slug="start"))
        Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True, site_name="Test")
    if not VatRate.objects.exists():
        for category, percent, first, last in KNOWN_RATES:
            VatRate.objects.create(
                category=category, percent=Decimal(percent), valid=DateRange(first, last and last + timedelta(days=1))
            )
    triggers = import_module("billing.triggers") if _has("billing.triggers") else None
    if triggers:
        with connection.cursor() as cursor:
            cursor.execute(triggers.CREATE)


def _has(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None
