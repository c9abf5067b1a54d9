"""A producer's account with the payment provider, and a transfer that was refused."""

from datetime import datetime

from billing.models import ConnectedAccount, Invoice, PayoutItem, ProviderTransfer


def make(*, settlement: Invoice, at: datetime) -> ProviderTransfer:
    """Its producer has told everything; what was to be paid there goes by the bank."""
    partner = settlement.partner
    assert partner is not None
    account = ConnectedAccount.objects.create(
        region=settlement.region,
        partner=partner,
        number="acct_1",
        is_told=True,
        can_receive=True,
        can_pay_out=True,
        opened_at=at,
        seen_at=at,
    )
    item = PayoutItem.objects.create(settlement=settlement, name=partner.name, amount=settlement.gross, stands=False)
    return ProviderTransfer.objects.create(
        account=account,
        item=item,
        amount=item.amount,
        group=settlement.number,
        status=ProviderTransfer.Status.FAILED,
        failure="account_closed",
        asked_at=at,
        ended_at=at,
    )
