"""Opens producers' accounts with the payment provider, keeps what it says of them, and notes who is to be paid there.

What a producer tells the provider about itself stays there; here stands only whether money that is sent reaches it.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.agencies import Agencies
from billing.models import ConnectedAccount
from billing.online.provider import NotPossible
from billing.online.remitting import Business, Remitter, Standing
from marketplace.core import audit
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User


class NotOffered(Exception):
    """The producer cannot be paid like that; the message is fit for whoever tried."""


def of(*, partner: Partner) -> ConnectedAccount | None:
    """The account of a producer, opened or not."""
    return ConnectedAccount.objects.filter(partner=partner).first()


def may_open(*, partner: Partner, today: date) -> bool:
    """Whether a producer can be paid like that: it sells in its own name, or has such an account already. Two queries."""
    sells = Agencies.load(partners=[partner.pk]).seller_of(partner_id=partner.pk, day=today)
    return sells is not None or of(partner=partner) is not None


def page_for(*, partner: Partner, remitter: Remitter, at: datetime, back: str, again: str, website: str) -> str:
    """The address at which a producer tells the provider about itself; its account is opened the first time, once.

    Raises `NotOffered`, and `provider.Unreachable`.
    """
    if not may_open(partner=partner, today=timezone.localdate(at)):
        raise NotOffered(_("Only businesses that sell in their own name are paid like that."))
    row, _new = ConnectedAccount.objects.get_or_create(partner=partner, defaults={"region": partner.region, "opened_at": at})
    if not row.number:
        business = Business(name=partner.name, email=partner.email, website=website, reference=str(partner.pk))
        told = remitter.open_account(business=business, key=str(row.key))
        row = _note(row.pk, told, at)
    return remitter.page(number=row.number, back=back, again=again)


def follow(*, account: ConnectedAccount, remitter: Remitter, at: datetime) -> ConnectedAccount:
    """The account as the provider says it stands. Raises `provider.Unreachable`."""
    if not account.number:
        return account
    try:
        told = remitter.account(number=account.number)
    except NotPossible as refusal:  # closed, or taken out of our reach
        told = Standing(
            number=account.number, is_told=account.is_told, can_receive=False, can_pay_out=False, hindrance=str(refusal)
        )
    return _note(account.pk, told, at)


def follow_all(*, region: Region, remitter: Remitter, at: datetime) -> None:
    """Ask for what no report told of. Raises `provider.Unreachable`."""
    for account in ConnectedAccount.objects.filter(region=region).exclude(number="").order_by("pk"):
        follow(account=account, remitter=remitter, at=at)


@transaction.atomic
def choose(*, account: ConnectedAccount, wanted: bool, at: datetime, by: User | None) -> ConnectedAccount:
    """From now on this producer is paid through the provider, or by the bank again; what is under way stays so.

    Raises `NotOffered` as long as money would not reach it.
    """
    row = ConnectedAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if wanted and not row.is_payable:
        raise NotOffered(_("The payment provider does not pay on to this business yet."))
    if wanted != (row.chosen_at is not None):
        row.chosen_at = at if wanted else None
        row.save(update_fields=["chosen_at"])
        audit.record(action="connected_account.choose", target=row, at=at, by=by, new={"chosen": wanted})
    return row


@transaction.atomic
def _note(pk: int, told: Standing, at: datetime) -> ConnectedAccount:
    row = ConnectedAccount.objects.select_for_update(of=("self",)).get(pk=pk)
    before = (row.can_receive, row.can_pay_out)
    row.number = row.number or told.number
    row.is_told, row.can_receive, row.can_pay_out = told.is_told, told.can_receive, told.can_pay_out
    row.hindrance, row.seen_at = told.hindrance[:100], at
    row.save()
    if before != (row.can_receive, row.can_pay_out):
        new = {"receives": row.can_receive, "pays_out": row.can_pay_out}
        audit.record(action="connected_account.told", target=row, at=at, new=new)
    return row
