"""What logistics announces upwards after commit. Only a nudge: whoever depends on it also finds the work by a query."""

from django.dispatch import Signal

#: sent with `delivery_id` when goods were handed over
delivery_completed = Signal()
#: sent with `window_id` when a place was given back
place_freed = Signal()
#: sent after commit when somebody without an account left an address
address_left = Signal()
