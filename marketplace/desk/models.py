"""Who calls, what was said on the telephone, and which order came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Caller(models.Model):
    """The card of a household that orders by telephone. Orders copy it, so changing it changes no order.

    A person with a login keeps it (`user`); most have none, and many no e-mail address either (docs/adr/0014).
    """

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="callers", verbose_name=_("region"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="callers")
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    company = models.CharField(_("company"), max_length=200, blank=True)
    #: as `numbers.normal` writes it: +4943561234; two of one household may share it
    number = models.CharField(_("phone"), max_length=20, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    city = models.CharField(_("place"), max_length=100, blank=True)
    #: where goods are brought to; none: outside the villages that are served
    municipality = models.ForeignKey(
        "regions.Municipality", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("village")
    )
    #: for the office alone: "hears badly", "speaks Low German"
    note = models.CharField(_("note for the office"), max_length=300, blank=True)
    #: what is being ordered; kept when a call breaks off
    basket = models.OneToOneField("basket.Basket", on_delete=models.SET_NULL, null=True, blank=True, related_name="caller")
    #: what these groups see can be ordered by telephone, too
    groups = models.ManyToManyField(
        "assortments.CustomerGroup", related_name="callers", blank=True, verbose_name=_("customer groups")
    )
    known_since = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "user"], condition=Q(user__isnull=False), name="one_card_a_login"),
            models.CheckConstraint(condition=~Q(number=""), name="caller_has_a_number"),
        ]
        indexes = [models.Index(fields=["region", "last_name", "first_name"], name="caller_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """First and last name, after the company if there is one."""
        person = f"{self.first_name} {self.last_name}".strip()
        return f"{self.company}, {person}" if self.company else person


class TakenOrder(models.Model):
    """An order that was taken down for a caller."""

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="taken")
    caller = models.ForeignKey(Caller, on_delete=models.CASCADE, related_name="taken_orders")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.caller_id}"


class Call(models.Model):
    """What a call was about: one line, for whoever picks up the phone next."""

    class Topic(models.TextChoices):
        """What people call about; the numbers say what should be clearer on the pages."""

        ORDER = "order", _("order")
        CHANGE = "change", _("change or cancellation")
        DELIVERY = "delivery", _("when does it come?")
        GOODS = "goods", _("question about goods")
        COMPLAINT = "complaint", _("something was wrong")
        INVOICE = "invoice", _("invoice and payment")
        LOGIN = "login", _("help with the website")
        OTHER = "other", _("something else")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    caller = models.ForeignKey(Caller, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")
    order = models.ForeignKey("order.Order", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    topic = models.CharField(_("about"), max_length=10, choices=Topic.choices)
    text = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["region", "-at"], name="call_by_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.topic}"


class BulkCancellation(models.Model):
    """Orders that the office cancels in one go: why, and what becomes of customers and goods. It is never changed."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    #: of the form: sent twice, it is one
    key = models.UUIDField(unique=True)
    reason = models.CharField(_("reason"), max_length=200)
    tell = models.BooleanField(_("tell the customers"), default=True)
    restock = models.BooleanField(_("goods can be sold again"), default=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.reason}"


class BulkOrder(models.Model):
    """One of its orders. It is due until it is cancelled, or until it is said why it is not."""

    bulk = models.ForeignKey(BulkCancellation, on_delete=models.CASCADE, related_name="items")
    order = models.ForeignKey("order.Order", on_delete=models.CASCADE, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    #: why it stands; empty: it is cancelled
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "order"], name="order_once_a_bulk_cancellation")]
        indexes = [models.Index(fields=["bulk"], condition=Q(done_at__isnull=True), name="bulk_order_due")]

    def __str__(self) -> str:
        return f"{self.bulk_id}: {self.order_id}"
