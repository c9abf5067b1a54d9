"""Decides which facts the law asks of a seller are missing, reminds of them twice, and stops payouts after that.

Sections 17 and 23 PStTG: after two reminders, and not before sixty days after the first, money is held back.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.models import Invoice, SellerFacts, SellerReminder
from marketplace.core import audit
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User

BETWEEN_REMINDERS = timedelta(days=30)
PATIENCE = timedelta(days=60)
#: a person's identification number (section 139b AO)
_PERSON = re.compile(r"[1-9]\d{10}")
ADULT = 16


class FactsRefused(Exception):
    """The facts cannot be true; the message is fit for the seller."""


@dataclass(frozen=True, kw_only=True)
class Seller:
    """A seller of a region with its facts and what is missing, as sentences."""

    partner: Partner
    facts: SellerFacts
    missing: list[str]


def of_region(*, region: Region, year: int) -> list[Seller]:
    """The sellers that had a credit note or sold in their own name in a year, by name. Two queries."""
    sold = _sales(year).filter(region=region).values("partner")
    rows = Partner.objects.filter(region=region, pk__in=sold).select_related("seller_facts").order_by("name", "pk")
    return [of(partner=row) for row in rows]


def of(*, partner: Partner) -> Seller:
    """One seller; the facts are at hand or read by one query."""
    facts = getattr(partner, "seller_facts", None) or SellerFacts(partner=partner)
    return Seller(partner=partner, facts=facts, missing=_missing(partner, facts))


@transaction.atomic
def tell(*, partner: Partner, told: dict[str, Any], today: date, at: datetime, by: User | None) -> SellerFacts:
    """Keep what a seller says about itself. Raises `FactsRefused`; then nothing is kept."""
    tin = re.sub(r"[\s/.-]", "", told.get("tin", ""))
    birth: date | None = told.get("birth_date") if told["is_person"] else None
    if told["is_person"] and tin and not _PERSON.fullmatch(tin):
        raise FactsRefused(_("The identification number has eleven digits. It stands on your tax assessment."))
    if birth is not None and not 1900 < birth.year <= today.year - ADULT:
        raise FactsRefused(_("Please check the date of birth."))
    values = {
        "is_person": told["is_person"],
        "birth_date": birth,
        "tin": tin,
        "register_number": "" if told["is_person"] else told.get("register_number", "").strip(),
        "confirmed_at": at,
        "confirmed_by": by,
    }
    facts, _new = SellerFacts.objects.update_or_create(partner=partner, defaults=values)
    audit.record(action="seller.facts_told", target=facts, at=at, by=by)
    return facts


def to_remind(*, today: date) -> list[tuple[Seller, int]]:
    """Sellers of this year whose facts are missing, with the number of the reminder that is due."""
    found = []
    sold = _sales(today.year).values("partner")
    rows = Partner.objects.filter(pk__in=sold).select_related("seller_facts", "region__site").prefetch_related("seller_reminders")
    for row in rows.order_by("pk"):
        sent = sorted(one.sent_on for one in row.seller_reminders.all() if one.year == today.year)
        waits = bool(sent) and sent[-1] + BETWEEN_REMINDERS > today
        if len(sent) < 2 and not waits and (seller := of(partner=row)).missing:
            found.append((seller, len(sent) + 1))
    return found


@transaction.atomic
def note_reminder(*, partner: Partner, number: int, today: date) -> bool:
    """Say that a reminder goes out; False when it did already."""
    told = {"partner": partner, "year": today.year, "number": number}
    return SellerReminder.objects.get_or_create(**told, defaults={"sent_on": today})[1]


def stopped(*, region: Region, today: date) -> set[int]:
    """Sellers (by key) to whom nothing is paid out until their facts are complete. Two queries."""
    reminded: dict[int, list[date]] = {}
    rows = SellerReminder.objects.filter(partner__region=region, year__gte=today.year - 1).order_by("sent_on")
    for partner, sent in rows.values_list("partner", "sent_on"):
        reminded.setdefault(partner, []).append(sent)
    late = {partner for partner, sent in reminded.items() if len(sent) > 1 and sent[0] + PATIENCE <= today}
    if not late:
        return set()
    known: QuerySet[Partner] = Partner.objects.filter(pk__in=late).select_related("seller_facts")
    return {row.pk for row in known if of(partner=row).missing}


def _sales(year: int) -> QuerySet[Invoice]:
    """The documents of a year by which producers were credited for sales; not those on fees that somebody received."""
    return Invoice.objects.filter(partner__isnull=False, passed_fees__isnull=True, period_from__year=year)


def _missing(partner: Partner, facts: SellerFacts) -> list[str]:
    wanted = {
        _("name"): bool(partner.name and partner.contact_last_name),
        _("address"): bool(partner.street and partner.postal_code and partner.city),
        _("bank account (IBAN)"): bool(partner.iban),
    }
    if facts.is_person:
        wanted[_("date of birth")] = facts.birth_date is not None
        wanted[_("tax identification number")] = bool(facts.tin)
    else:
        wanted[_("tax number")] = bool(facts.tin or partner.tax_number)
        wanted[_("number in the commercial register")] = bool(facts.register_number or partner.register_entry)
    return [name for name, is_there in wanted.items() if not is_there]
