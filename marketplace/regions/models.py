"""Regions, their municipalities, and who works for them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.Model):  # type: ignore[django-manager-missing]  # Oscar's models come without types
    """Who runs a market and where. One installation serves many regions, each at its own Wagtail site."""

    class State(models.TextChoices):
        """The federal states, whose public holidays differ; codes by ISO 3166-2:DE."""

        BB = "BB", "Brandenburg"
        BE = "BE", "Berlin"
        BW = "BW", "Baden-Württemberg"
        BY = "BY", "Bayern"
        HB = "HB", "Bremen"
        HE = "HE", "Hessen"
        HH = "HH", "Hamburg"
        MV = "MV", "Mecklenburg-Vorpommern"
        NI = "NI", "Niedersachsen"
        NW = "NW", "Nordrhein-Westfalen"
        RP = "RP", "Rheinland-Pfalz"
        SH = "SH", "Schleswig-Holstein"
        SL = "SL", "Saarland"
        SN = "SN", "Sachsen"
        ST = "ST", "Sachsen-Anhalt"
        TH = "TH", "Thüringen"

    site = models.OneToOneField("wagtailcore.Site", on_delete=models.PROTECT, related_name="region", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), unique=True)
    claim = models.CharField(_("claim"), max_length=200, blank=True)
    legal_name = models.CharField(_("legal name of the operator"), max_length=200)
    street = models.CharField(_("street"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=5)
    city = models.CharField(_("city"), max_length=100)
    state = models.CharField(_("federal state"), max_length=2, choices=State.choices, default=State.SH)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40)
    register_entry = models.CharField(_("register entry"), max_length=200, blank=True)
    represented_by = models.CharField(_("represented by"), max_length=200, blank=True)
    vat_id = models.CharField(_("VAT id"), max_length=20)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    iban = models.CharField("IBAN", max_length=34)
    bank_name = models.CharField(_("bank"), max_length=100, blank=True)
    organic_code = models.CharField(_("organic control body"), max_length=12, blank=True)
    organic_valid_until = models.DateField(_("organic certificate valid until"), null=True, blank=True)
    hub_name = models.CharField(_("name of the hub"), max_length=100)
    hub_address = models.CharField(_("address of the hub"), max_length=200)
    hub_latitude = models.FloatField(_("latitude of the hub"))
    hub_longitude = models.FloatField(_("longitude of the hub"))
    #: who sees which assortment, in the order of priority; a copy that `assortments.rules` keeps, so that no page has to ask
    assortment_rules = models.JSONField(default=list, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):  # type: ignore[django-manager-missing]  # likewise
    """A village or town of a region, with the centre from which distances are estimated."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="municipalities", verbose_name=_("region"))
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"))
    postal_codes = ArrayField(models.CharField(max_length=5), verbose_name=_("postal codes"))
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints = [models.UniqueConstraint(fields=["region", "slug"], name="municipality_once_a_region")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person does for a region besides shopping and selling."""

    OFFICE = "office", _("Office")
    EDITOR = "editor", _("Editor")
    DRIVER = "driver", _("Driver")


class Membership(models.Model):
    """A person's role in a region. Nobody has a say in a region without one."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("region"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "user", "role"], name="role_once_a_region")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.region}"
