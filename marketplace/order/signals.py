"""Announces what happened to an order, after it is certain. Listeners only hurry what a query would find as well."""

from django.dispatch import Signal

#: sent after commit with `order_id`
placed = Signal()
#: sent after commit with `order_id`
cancelled = Signal()
