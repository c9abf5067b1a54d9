"""Announces what happened to standing orders, after it is certain. Listeners only hurry what a query would find as well."""

from django.dispatch import Signal

#: sent after commit with `standing_id`
made = Signal()
#: sent after commit with `ending_id`
ended = Signal()
