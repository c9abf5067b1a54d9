"""People who can log in, by e-mail address, and where they usually want their goods."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.customer.abstract_models import AbstractUser


class User(AbstractUser):
    """A person. What the person may do follows from memberships, producers and accounts that point here."""


class Profile(models.Model):
    """What a customer need not type twice. Orders copy it, so changing it changes no order."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    municipality = models.ForeignKey(
        "regions.Municipality", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("village")
    )

    def __str__(self) -> str:
        return f"{self.user_id}"
