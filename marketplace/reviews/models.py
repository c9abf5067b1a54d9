"""What a buyer says of a delivered article, what the producer answers, and who says that a review should not stand there."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_STARS = 5


class Review(models.Model):
    """Stars and words about one line of an order; it is public from when the office has published it."""

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("is being looked at")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("not published")

    #: whoever rewrites a review brings it back to the office
    TRANSITIONS = {
        Status.OPEN: frozenset({Status.PUBLISHED, Status.REFUSED}),
        Status.PUBLISHED: frozenset({Status.OPEN, Status.REFUSED}),
        Status.REFUSED: frozenset({Status.OPEN, Status.PUBLISHED}),
    }

    order_line = models.OneToOneField("order.Line", on_delete=models.PROTECT, related_name="review")
    #: empty once the article is deleted
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.SET_NULL, null=True, blank=True, related_name="market_reviews"
    )
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, related_name="reviews")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    stars = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_STARS)])
    text = models.TextField(max_length=2000, blank=True)
    #: as it is shown; both empty once the person is erased
    first_name = models.CharField(max_length=100, blank=True)
    #: only the first letter, so that nobody in a small village is found by it
    village = models.CharField(max_length=1, blank=True)
    written_at = models.DateTimeField()
    # the office's decision
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: why it is not published, for the author
    reason = models.TextField(max_length=1000, blank=True)
    #: when the author was written to that it is not published
    told_at = models.DateTimeField(null=True, blank=True)
    # the producer's answer, public
    reply = models.TextField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=MOST_STARS), name="review_has_one_to_five_stars"),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True) | (~Q(status="open") & Q(decided_at__isnull=False)),
                name="decided_review_says_when",
            ),
            models.CheckConstraint(condition=~Q(status="refused") | ~Q(reason=""), name="refused_review_says_why"),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True) | (~Q(reply="") & Q(replied_at__isnull=False)),
                name="replied_review_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "status", "-written_at"], name="review_by_product"),
            models.Index(fields=["partner", "status", "-written_at"], name="review_by_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.stars}"

    @property
    def drawn(self) -> str:
        """The stars as signs."""
        return "★" * self.stars + "☆" * (MOST_STARS - self.stars)


class Report(models.Model):
    """Somebody says that a published review should not stand there; the office decides, and whoever left an address is told."""

    class Ground(models.TextChoices):
        """What is wrong with it."""

        INSULT = "insult", _("It insults or threatens somebody.")
        ADVERTISING = "advertising", _("It is advertising.")
        OFF_TOPIC = "off_topic", _("It does not concern the goods.")
        UNTRUE = "untrue", _("What it says is not true.")
        PRIVATE = "private", _("It tells something private of somebody.")
        OTHER = "other", _("Something else")

    class Status(models.TextChoices):
        """What the office decided."""

        OPEN = "open", _("is being looked at")
        KEPT = "kept", _("the review stays")
        REMOVED = "removed", _("the review is taken away")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reports")
    ground = models.CharField(max_length=12, choices=Ground.choices)
    text = models.TextField(max_length=1000, blank=True)
    #: where the decision is told; emptied as soon as it was
    email = models.EmailField(blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    reported_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: what the office says to who reported it
    answer = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True) | (~Q(status="open") & Q(decided_at__isnull=False)),
                name="decided_report_says_when",
            ),
        ]
        indexes = [models.Index(fields=["review"], condition=Q(status="open"), name="report_open")]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.ground}"
