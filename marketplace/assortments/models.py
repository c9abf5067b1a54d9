"""Assortments that articles belong to, groups of customers, and the rules by which a group sees an assortment."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Assortment(models.Model):
    """Articles that are not for everybody: large packs, goods for members. An article names those it belongs to."""

    region = models.ForeignKey("regions.Region", on_delete=models.CASCADE, related_name="assortments", verbose_name=_("region"))
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("assortment")
        verbose_name_plural = _("assortments")
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="assortment_once_a_region")]

    def __str__(self) -> str:
        return self.name


class CustomerGroup(models.Model):
    """Customers who are alike in what they may order: restaurants, day-care kitchens, members.

    Whoever orders for an approved account of the group is in it too, and who calls the office with a card of the group.
    """

    region = models.ForeignKey(
        "regions.Region", on_delete=models.CASCADE, related_name="customer_groups", verbose_name=_("region")
    )
    name = models.CharField(_("name"), max_length=60)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="customer_groups", blank=True, verbose_name=_("people")
    )

    class Meta:
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="customer_group_once_a_region")]

    def __str__(self) -> str:
        return self.name


class AssortmentRule(models.Model):
    """An assortment is shown to a group, or hidden from it; without a group it is a default for everybody."""

    region = models.ForeignKey(
        "regions.Region", on_delete=models.CASCADE, related_name="kept_assortment_rules", verbose_name=_("region")
    )
    assortment = models.ForeignKey(Assortment, on_delete=models.CASCADE, related_name="rules", verbose_name=_("assortment"))
    group = models.ForeignKey(
        CustomerGroup, on_delete=models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("customer group")
    )
    shows = models.BooleanField(_("shows"))
    #: the smaller, the earlier it is asked
    place = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assortment", "group"], nulls_distinct=False, name="one_rule_for_an_assortment_and_a_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.group_id} {self.assortment_id} {self.shows}"
