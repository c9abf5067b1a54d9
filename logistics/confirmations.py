"""Decides until when a producer may say what he does not have of a closed round, and takes that in line by line.

Silence confirms everything. What was cut is settled, and the customers told of it, once the collection is confirmed: see
`shortages`.
"""

from datetime import datetime, timedelta

from logistics.models import DeliveryRound


def until(*, delivery_round: DeliveryRound, at: datetime) -> datetime:
    """Until when producers may cut lines of a round that closes at `at`: so many hours after the cut-off as its plan says."""
    return max(at, delivery_round.cutoff_at) + timedelta(hours=delivery_round.rule.confirm_hours)
