"""People who can log in, by e-mail address."""

from oscar.apps.customer.abstract_models import AbstractUser


class User(AbstractUser):
    """A person. What the person may do follows from memberships, producers and accounts that point here."""
