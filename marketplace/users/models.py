"""People who can log in, by e-mail address, and where they usually want their goods."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.customer.abstract_models import AbstractUser


class User(AbstractUser):
    """A person. What the person may do follows from memberships, producers and accounts that point here."""

    #: since when nobody stands behind it any more; what the law wants kept still points here
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)


class Profile(models.Model):
    """What a customer need not type twice. Orders copy it, so changing it changes no order."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    #: for which windows and pickup points are shown
    municipality = models.ForeignKey(
        "regions.Municipality", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("village")
    )

    def __str__(self) -> str:
        return f"{self.user_id}"


class Address(models.Model):
    """A door to which a customer has goods brought; orders copy it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="delivery_addresses")
    label = models.CharField(_("name of the address"), max_length=40)
    street = models.CharField(_("street and number"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=5)
    municipality = models.ForeignKey(
        "regions.Municipality", on_delete=models.PROTECT, related_name="+", verbose_name=_("village")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_default = models.BooleanField(_("usual address"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "label"], name="address_label_once_a_person"),
            models.UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="one_usual_address_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.street}, {self.postal_code}"
