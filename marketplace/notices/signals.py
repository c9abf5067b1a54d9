"""What notices announce; it only makes things sooner, nothing depends on it."""

from django.dispatch import Signal

#: after commit: somebody without an account wants to be told something
asked = Signal()
