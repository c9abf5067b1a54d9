"""Decides who may be collected from: a mandate is signed once, kept as it was shown, revoked, suspended, and expires unused.

The rules are those of the SEPA core and B2B rulebooks: a mandate that was not used for 36 months is spent, and a
business-to-business mandate is signed on paper, because the payer's bank has to know it before the first collection.
"""

from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from billing import numbers
from billing.models import Account, DebitTerms, Mandate
from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.users.models import User

#: changes whenever the words below do
TEXT_VERSION = "2026-11"
#: legal wording is German whatever the reader's language
TEXT = (
    "Ich ermächtige {creditor} (Gläubiger-Identifikationsnummer {creditor_id}), Zahlungen von meinem Konto mittels Lastschrift "
    "einzuziehen. Zugleich weise ich mein Kreditinstitut an, die von {creditor} auf mein Konto gezogenen Lastschriften "
    "einzulösen. Ich kann innerhalb von acht Wochen, beginnend mit dem Belastungsdatum, die Erstattung des belasteten Betrages "
    "verlangen. Es gelten dabei die mit meinem Kreditinstitut vereinbarten Bedingungen. Betrag und Tag jedes Einzugs stehen auf "
    "der Rechnung; ich erhalte sie mindestens {days} Tage vor dem Einzug."
)
TEXT_B2B = (
    "Ich ermächtige {creditor} (Gläubiger-Identifikationsnummer {creditor_id}), Zahlungen von meinem Konto mittels "
    "SEPA-Firmenlastschrift einzuziehen. Zugleich weise ich mein Kreditinstitut an, die von {creditor} auf mein Konto gezogenen "
    "Lastschriften einzulösen. Nach der Einlösung kann ich keine Erstattung verlangen. Ich habe mein Kreditinstitut über dieses "
    "Mandat unterrichtet. Betrag und Tag jedes Einzugs stehen auf der Rechnung; ich erhalte sie mindestens {days} Tage vor dem "
    "Einzug."
)
UNUSED_MONTHS = 36


class MandateRefused(Exception):
    """It cannot be signed like that; the message is fit for the person who tried."""


def terms_of(*, region: Any) -> DebitTerms | None:
    """How a region collects; None when it does not (it has no creditor identifier)."""
    return DebitTerms.objects.filter(region=region).first()


def text_for(*, region: Region, terms: DebitTerms, scheme: str = Mandate.Scheme.CORE) -> str:
    """What is signed, in the words of TEXT_VERSION."""
    wording = TEXT_B2B if scheme == Mandate.Scheme.B2B else TEXT
    return wording.format(creditor=region.legal_name, creditor_id=terms.creditor_id, days=terms.notice_days)


def checked_iban(told: str) -> str:
    """The number as banks write it. Raises `MandateRefused`, also for banks outside of SEPA."""
    try:
        found = IBAN(told, validate_bban=True)
    except SchwiftyException as error:
        raise MandateRefused(_("This IBAN is not right. Please check it: a German one has 22 letters and digits.")) from error
    if not found.in_sepa_zone:
        raise MandateRefused(_("This bank does not take part in SEPA direct debits."))
    return str(found)


@transaction.atomic
def sign(
    *,
    region: Region,
    account: Account | None = None,
    user: User | None = None,
    holder: str,
    iban: str,
    signed_name: str,
    signed_on: date,
    at: datetime,
    by: User | None,
    scheme: str = Mandate.Scheme.CORE,
    on_paper: bool = False,
) -> Mandate:
    """Keep a mandate of an account, or of a person, with its evidence. It takes the place of the one before.

    Signing the same again on the same day changes nothing. Raises `MandateRefused`.
    """
    if (account is None) == (user is None):
        raise ValueError("A mandate is an account's or a person's.")
    terms = _terms(region)
    _refuse(account, scheme, holder, signed_name, on_paper=on_paper, future=signed_on > timezone.localdate(at))
    numbers.lock_books(region=region)
    number = checked_iban(iban)
    known = standing(region=region, account=account, user=user)
    if known is not None:
        if (known.iban, known.holder, known.scheme, known.signed_on) == (number, holder.strip(), scheme, signed_on):
            return known
        revoke(mandate=known, at=at, by=by)
    made = Mandate.objects.create(
        region=region,
        account=account,
        user=user,
        reference=_reference(region, at),
        scheme=scheme,
        holder=holder.strip(),
        iban=number,
        creditor_id=terms.creditor_id,
        signed_name=signed_name.strip(),
        signed_on=signed_on,
        signed_at=at,
        signed_by=by,
        on_paper=on_paper,
        text=text_for(region=region, terms=terms, scheme=scheme),
        text_version=TEXT_VERSION,
    )
    audit.record(action="mandate.signed", target=made, at=at, by=by, new={"reference": made.reference, "on_paper": on_paper})
    return made


@transaction.atomic
def revoke(*, mandate: Mandate, at: datetime, by: User | None) -> Mandate:
    """Nothing is collected by it any more. Again changes nothing."""
    row = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        audit.record(action="mandate.revoked", target=row, at=at, by=by)
    return row


@transaction.atomic
def suspend(*, mandate: Mandate, because: str, at: datetime, by: User | None = None) -> Mandate:
    """Collect nothing by it until somebody has looked at it. Again changes nothing."""
    row = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if row.suspended_at is None:
        row.suspended_at, row.suspended_because = at, because[:200]
        row.save(update_fields=["suspended_at", "suspended_because"])
        audit.record(action="mandate.suspended", target=row, at=at, by=by, new={"because": because})
    return row


@transaction.atomic
def resume(*, mandate: Mandate, at: datetime, by: User | None) -> Mandate:
    """The office has spoken with the customer: it may be used again."""
    row = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if row.suspended_at is not None:
        row.suspended_at, row.suspended_because = None, ""
        row.save(update_fields=["suspended_at", "suspended_because"])
        audit.record(action="mandate.resumed", target=row, at=at, by=by)
    return row


def with_use(rows: QuerySet[Mandate]) -> QuerySet[Mandate]:
    """Mandates with `last_used`: the day of the last collection that did not come back, if any."""
    return rows.annotate(last_used=Max("items__run__collect_on", filter=Q(items__run__dropped_at__isnull=True)))


def standing(*, region: Any, account: Account | None = None, user: Any = None) -> Mandate | None:
    """The mandate that was not revoked, usable or not, with `last_used`."""
    whose = {"account": account} if account is not None else {"user": user}
    return with_use(Mandate.objects.filter(region=region, revoked_at__isnull=True, **whose)).first()


def usable(*, region: Any, today: date, account: Account | None = None, user: Any = None) -> Mandate | None:
    """The mandate by which an account or a person can be collected from on a day, if any. One query."""
    if account is None and (user is None or not user.is_authenticated):
        return None
    found = standing(region=region, account=account, user=user)
    return found if found is not None and not hindrance(mandate=found, today=today) else None


def is_offered(*, user: Any, region: Any) -> bool:
    """Whether a person may choose to pay an order by debit: one that expires before the invoice is paid by transfer after all."""
    if user is None or not user.is_authenticated:
        return False
    return Mandate.objects.filter(region=region, user=user, revoked_at__isnull=True, suspended_at__isnull=True).exists()


def expires_on(*, mandate: Mandate) -> date:
    """The first day on which it is spent: 36 months after the last collection, or after it was signed."""
    used: date | None = mandate.last_used if hasattr(mandate, "last_used") else _last_used(mandate)
    return max(mandate.signed_on, used or mandate.signed_on) + relativedelta(months=UNUSED_MONTHS)


def hindrance(*, mandate: Mandate, today: date) -> str:
    """Why nothing can be collected by it, in a sentence; "" when it can."""
    if mandate.revoked_at is not None:
        return _("The mandate was revoked.")
    if mandate.suspended_at is not None:
        return _("The mandate is suspended: %(why)s") % {"why": mandate.suspended_because}
    if today >= expires_on(mandate=mandate):
        return _("The mandate has expired: it was not used for 36 months.")
    return ""


def is_first(*, mandate: Mandate) -> bool:
    """Whether nothing was collected by it before that did not come back."""
    return not mandate.items.filter(stands=True).exists()


def shown(iban: str) -> str:
    """An IBAN of which only the ends are read."""
    return f"{iban[:4]} •••• {iban[-4:]}"


def _terms(region: Region) -> DebitTerms:
    found = terms_of(region=region)
    if found is None:
        raise MandateRefused(_("This market does not collect by direct debit."))
    return found


def _refuse(account: Account | None, scheme: str, holder: str, signed_name: str, *, on_paper: bool, future: bool) -> None:
    if not holder.strip() or not signed_name.strip():
        raise MandateRefused(_("Please give the name of the account holder and of who signs."))
    if future:
        raise MandateRefused(_("The day of the signature lies in the future."))
    if scheme == Mandate.Scheme.B2B and (account is None or not account.is_business or not on_paper):
        raise MandateRefused(_("A business-to-business mandate needs a business and its signature on paper."))


def _reference(region: Region, at: datetime) -> str:
    year = timezone.localdate(at).year
    return f"LM-{year}-{Mandate.objects.filter(region=region, signed_at__year=year).count() + 1:06d}"


def _last_used(mandate: Mandate) -> date | None:
    found: date | None = mandate.items.filter(run__dropped_at__isnull=True).aggregate(day=Max("run__collect_on"))["day"]
    return found
