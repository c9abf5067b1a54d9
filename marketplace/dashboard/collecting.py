"""Decides under which identifier a market collects, and how many days before it says so."""

from datetime import datetime

from django.db import transaction

from billing.models import DebitTerms
from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.users.models import User


@transaction.atomic
def keep(*, region: Region, creditor_id: str, notice_days: int, at: datetime, by: User | None) -> DebitTerms:
    """Remember both; mandates that were signed keep the identifier that they name."""
    told = {"creditor_id": creditor_id, "notice_days": notice_days}
    terms, _created = DebitTerms.objects.update_or_create(region=region, defaults=told)
    audit.record(action="debit_terms.kept", target=terms, at=at, by=by, new={key: str(value) for key, value in told.items()})
    return terms
