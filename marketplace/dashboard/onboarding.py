"""Lets a business in: takes its application, and approves it together with its contract, so that none sells without terms."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import SupplyContract
from marketplace.core import audit
from marketplace.partner import producers
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User


class ContractRefused(Exception):
    """The contract cannot be changed like that; the message is for the office."""


@dataclass(frozen=True, kw_only=True)
class ContractTerms:
    """What was agreed with a producer; `commission_percent` is of the net price of goods."""

    commission_percent: Decimal
    vat_status: str
    self_billing_agreed_on: date | None
    valid_from: date
    mode: str = SupplyContract.Mode.COMMISSION


@transaction.atomic
def apply(*, region: Region, municipality: Municipality, at: datetime, by: User | None, **details: Any) -> Partner:
    """Take in an application; the same one sent twice is taken in once. Its place is the middle of its village for now.

    Raises `producers.BadApplication`.
    """
    same = Partner.objects.filter(
        region=region, status=Partner.Status.APPLIED, name=details["name"], email__iexact=details["email"]
    )
    known = same.order_by("pk").first()
    if known is not None:
        return known
    return producers.apply(
        region=region,
        municipality=municipality,
        latitude=municipality.latitude,
        longitude=municipality.longitude,
        at=at,
        by=by,
        **details,
    )


@transaction.atomic
def approve(
    *, partner: Partner, papers: dict[str, str], contract: ContractTerms | None, at: datetime, by: User | None
) -> Partner:
    """Approve a business whose papers were checked: `papers` are its `vat_id`, `tax_number`, `iban` and `bank_name`.

    Without an open contract, `contract` becomes one. Whoever applied without an account can log in by the e-mail address from
    now on. Raises `ForbiddenTransition`, or `ValueError` when there would be no contract.
    """
    for name, value in papers.items():
        setattr(partner, name, value)
    partner.save(update_fields=list(papers))
    if not open_contract(partner=partner):
        if contract is None:
            raise ValueError(f"{partner} has no contract.")
        agree(partner=partner, terms=contract, at=at, by=by)
    _give_access(partner)
    return producers.approve(partner=partner, at=at, by=by)


@transaction.atomic
def renew(*, partner: Partner, contract: ContractTerms, today: date, at: datetime, by: User | None) -> SupplyContract:
    """Agree other terms from a day on; the contract that runs ends the day before. What is sold until then stays as it was.

    Raises `ContractRefused` for a day that has passed, or on which the running contract has not begun.
    """
    locked = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    running = open_contract(partner=locked)
    if contract.valid_from <= today:
        raise ContractRefused(_("New terms begin tomorrow at the earliest."))
    if running is not None:
        if contract.valid_from <= running.valid_from:
            raise ContractRefused(_("The contract that runs begins later than that."))
        running.valid_until = contract.valid_from - timedelta(days=1)
        running.save(update_fields=["valid_until"])
        audit.record(action="contract.ended", target=running, at=at, by=by, new={"until": str(running.valid_until)})
    return agree(partner=locked, terms=contract, at=at, by=by)


def open_contract(*, partner: Partner) -> SupplyContract | None:
    """The contract that runs without an end."""
    return SupplyContract.objects.filter(partner=partner, valid_until__isnull=True).first()


def contracts(*, partner: Partner) -> list[SupplyContract]:
    """Every contract of a producer, the latest first. One query."""
    return list(SupplyContract.objects.filter(partner=partner).order_by("-valid_from"))


def agree(*, partner: Partner, terms: ContractTerms, at: datetime, by: User | None) -> SupplyContract:
    """A new contract with a business that has none which runs on."""
    contract = SupplyContract.objects.create(
        partner=partner,
        commission_percent=terms.commission_percent,
        vat_status=terms.vat_status,
        mode=terms.mode,
        self_billing_agreed_on=terms.self_billing_agreed_on,
        valid_from=terms.valid_from,
    )
    new = {
        "partner": partner.pk,
        "commission": str(terms.commission_percent),
        "vat_status": terms.vat_status,
        "mode": terms.mode,
    }
    audit.record(action="contract.agreed", target=contract, at=at, by=by, new=new)
    return contract


def _give_access(partner: Partner) -> None:
    if partner.users.exists():
        return
    person = User.objects.filter(email__iexact=partner.email).first()
    if person is None:
        person = User(email=partner.email, first_name=partner.contact_first_name, last_name=partner.contact_last_name)
        person.set_unusable_password()
        person.save()
    partner.users.add(person)
