"""What a producer lacks of what was ordered, and what phones reported while packing."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logistics.model_parts.deliveries import Collection, PackedLine
from marketplace.core import money
from marketplace.core.wishes import Substitution


class Shortage(models.Model):
    """A farm has fewer of a line than were ordered; what it offers instead, and what the customer says to that.

    Until `settled_at` the farm may change its mind; from then on the customer is told.
    """

    class Answer(models.TextChoices):
        """What the customer said to the offer."""

        NONE = "", _("no answer")
        TAKEN = "taken", _("wants it")
        DECLINED = "declined", _("does not want it")
        SILENT = "silent", _("did not answer in time")

    packed_line = models.OneToOneField(PackedLine, on_delete=models.PROTECT, related_name="shortage")
    #: the customer's wish as it was when the order closed
    wish = models.CharField(max_length=10, choices=Substitution.choices)
    offer = models.ForeignKey("partner.StockRecord", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    offer_quantity = models.PositiveSmallIntegerField(default=0)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    #: until then the customer may take or decline what is offered
    answer_until = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.NONE, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, told_at__isnull=True, answered_at__isnull=True)
                | Q(settled_at__isnull=False),
                name="nobody_is_told_of_an_unsettled_shortage",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="answer_to_a_shortage_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packed_line_id}: {self.wish} {self.answer}"

    @property
    def offer_price(self) -> Decimal:
        """What all that is offered costs, without deposit."""
        price = self.offer.price if self.offer else None
        return money.to_cents((price or money.ZERO) * self.offer_quantity)

    @property
    def is_question(self) -> bool:
        """Whether the offer comes only if the customer says yes."""
        return self.wish == Substitution.ASK and self.offer_id is not None and not self.answer

    @property
    def is_replaced(self) -> bool:
        """Whether the offer comes as it stands."""
        if self.offer_id is None:
            return False
        return self.answer == self.Answer.TAKEN or (self.wish == Substitution.SIMILAR and self.answer != self.Answer.DECLINED)


class PackingEvent(models.Model):
    """What somebody reported while packing, once, however often a phone sends it. Never changed but for what came of it."""

    class Kind(models.TextChoices):
        """What was reported."""

        RECORD = "record", _("line packed")
        FINISH = "finish", _("packing finished")

    class Outcome(models.TextChoices):
        """What came of it."""

        FOLLOWED = "followed", _("followed")
        OVERTAKEN = "overtaken", _("overtaken by a later report")
        WAITING = "waiting", _("waits for lines of another phone")
        REFUSED = "refused", _("could not be followed")

    uuid = models.UUIDField(primary_key=True)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="packing_events")
    packed_line = models.ForeignKey(PackedLine, on_delete=models.CASCADE, null=True, blank=True, related_name="packing_events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    data = models.JSONField(default=dict)
    reported_at = models.DateTimeField()  # by the phone's clock, never later than ours
    received_at = models.DateTimeField()  # by ours
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    #: why it could not be followed, for whoever reported it
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["collection", "packed_line", "reported_at"], name="packing_event_by_line")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
