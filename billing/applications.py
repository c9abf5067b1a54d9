"""Decides who buys on account: a customer asks, the office gives a limit or says no with a reason, the customer is told."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from billing import chart, numbers
from billing.models import Account, AccountApplication
from marketplace.core import audit, wording
from marketplace.regions.models import Region
from marketplace.users.models import User


class ApplicationRefused(Exception):
    """It cannot be asked or decided like that; the message is fit for the person who tried."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a customer asks for; `limit` is euro."""

    is_business: bool
    name: str
    street: str
    postal_code: str
    city: str
    email: str
    vat_id: str
    limit: Decimal
    terms: str
    note: str


def waiting(*, region: Region) -> QuerySet[AccountApplication]:
    """What the office has to decide, the oldest first."""
    rows = AccountApplication.objects.filter(region=region, decided_at__isnull=True).select_related("user", "account")
    return rows.order_by("applied_at", "pk")


def latest(*, user: User, region: Region) -> AccountApplication | None:
    """What a person asked for last."""
    return AccountApplication.objects.filter(user=user, region=region).order_by("-applied_at", "-pk").first()


@transaction.atomic
def apply(*, user: User, region: Region, wish: Wish, account: Account | None, at: datetime) -> AccountApplication:
    """Ask for an account, or for other terms of `account`. Raises `ApplicationRefused` while an earlier wish waits."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if AccountApplication.objects.filter(user=user, region=region, decided_at__isnull=True).exists():
        raise ApplicationRefused(_("You have asked already. We answer as soon as we can."))
    made = AccountApplication.objects.create(
        region=region,
        user=user,
        account=account,
        is_business=wish.is_business,
        name=wish.name,
        street=wish.street,
        postal_code=wish.postal_code,
        city=wish.city,
        email=wish.email,
        vat_id=wish.vat_id if wish.is_business else "",
        wanted_limit=wish.limit,
        wanted_terms=wish.terms,
        note=wish.note,
        applied_at=at,
    )
    audit.record(action="account.asked_for", target=made, at=at, by=user, new={"limit": str(wish.limit), "terms": wish.terms})
    return made


@transaction.atomic
def grant(
    *, application: AccountApplication, limit: Decimal, payment_days: int, terms: str, at: datetime, by: User | None
) -> Account:
    """Open the account, or change the one that is there, with the limit (euro) the office gives. Raises `ApplicationRefused`."""
    locked = _open(application)
    account = locked.account or _new_account(locked)
    account.credit_limit, account.payment_days, account.terms = limit, payment_days, terms
    account.approved_at = account.approved_at or at
    for name in ("is_business", "name", "street", "postal_code", "city", "email", "vat_id"):
        setattr(account, name, getattr(locked, name))
    account.save()
    account.users.add(locked.user)
    locked.account = account
    _decide(locked, at, by, granted=True, reason="")
    return account


@transaction.atomic
def decline(*, application: AccountApplication, reason: str, at: datetime, by: User | None) -> None:
    """Say no, and why. An account that is there stays as it is. Raises `ApplicationRefused`."""
    if not reason.strip():
        raise ApplicationRefused(_("Please say why; the customer reads it."))
    _decide(_open(application), at, by, granted=False, reason=reason.strip()[:300])


def tell_due(*, at: datetime, limit: int = 100) -> int:
    """Tell customers what was decided, each once; says how many."""
    rows = AccountApplication.objects.filter(decided_at__isnull=False, told_at__isnull=True)
    return sum(_tell(row, at) for row in rows.select_related("region", "user", "account").order_by("pk")[:limit])


@transaction.atomic
def _tell(row: AccountApplication, at: datetime) -> bool:
    """Whoever marks it first tells; a mail that fails takes the mark back."""
    if not AccountApplication.objects.filter(pk=row.pk, told_at__isnull=True).update(told_at=at):
        return False
    region = row.region
    with translation.override("de"):
        context = {
            "application": row,
            "region": region,
            "account": row.account,
            "limit": wording.euro(row.account.credit_limit) if row.account else "",
        }
        EmailMessage(
            subject=_("Your wish to buy on account with %(region)s") % {"region": region.name},
            body=render_to_string("billing/mail_application.txt", context),
            from_email=formataddr((region.name, region.email)),
            to=[row.user.email],
            reply_to=[region.email],
        ).send()
    return True


def _open(application: AccountApplication) -> AccountApplication:
    locked = AccountApplication.objects.select_for_update(of=("self",)).select_related("region", "user").get(pk=application.pk)
    if locked.decided_at is not None:
        raise ApplicationRefused(_("This has been decided already."))
    return locked


def _new_account(application: AccountApplication) -> Account:
    """With the next customer number, from which the debtor of the books is made."""
    numbers.lock_books(region=application.region)
    known = Account.objects.filter(region=application.region).values_list("number", flat=True)
    digits = [int(found) for number in known if (found := "".join(letter for letter in number if letter.isdigit()))]
    number = max([chart.FIRST_DEBTOR - 1, *digits]) + 1
    return Account(region=application.region, number=f"K-{number}", shows_net=application.is_business)


def _decide(row: AccountApplication, at: datetime, by: User | None, *, granted: bool, reason: str) -> None:
    row.decided_at, row.decided_by, row.granted, row.reason = at, by, granted, reason
    row.save(update_fields=["decided_at", "decided_by", "granted", "reason", "account"])
    audit.record(action="account.decided", target=row, at=at, by=by, new={"granted": granted, "reason": reason})
