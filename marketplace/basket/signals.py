"""Announces what happened to a basket to whoever keeps something for it."""

from django.dispatch import Signal

#: sent within the transaction, before the guest's basket is closed, with `guest_id` and `into`, the customer's basket
merging = Signal()
