"""What is bought from a wholesaler in whole cases and sold piece by piece, and what of it a round needs."""

from django.db import models
from django.db.models import F, Q

from logistics.model_parts.rounds import DeliveryRound


class CasePack(models.Model):
    """How an article is bought: so many pieces in a case, of whom, and what is left of cases that were opened."""

    stockrecord = models.OneToOneField("partner.StockRecord", on_delete=models.CASCADE, related_name="case_pack")
    size = models.PositiveSmallIntegerField()
    wholesaler = models.CharField(max_length=100)
    #: the number under which the wholesaler knows the article
    article_number = models.CharField(max_length=40, blank=True)
    #: pieces that were bought, or are on order, and that no round needs; below zero they are still to be bought
    loose = models.IntegerField(default=0)
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=1), name="case_holds_something"),
            models.CheckConstraint(condition=~Q(wholesaler=""), name="case_says_of_whom"),
        ]

    def __str__(self) -> str:
        return f"{self.size} × {self.stockrecord_id} ({self.wholesaler})"


class Purchase(models.Model):
    """What one round needs of such an article, and how many cases are bought for it. Terms are copies once it is ordered."""

    round = models.ForeignKey(DeliveryRound, on_delete=models.CASCADE, related_name="purchases")
    stockrecord = models.ForeignKey("partner.StockRecord", on_delete=models.CASCADE, related_name="purchases")
    size = models.PositiveSmallIntegerField()
    wholesaler = models.CharField(max_length=100)
    article_number = models.CharField(max_length=40, blank=True)
    #: pieces: loose before this round took its share, and needed by its customers
    had = models.IntegerField()
    needed = models.PositiveIntegerField()
    #: cases that have to come, and those of them that the wholesaler was told
    cases = models.PositiveIntegerField()
    told_cases = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    #: pieces that came in all
    arrived = models.PositiveIntegerField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "stockrecord"], name="one_purchase_a_round_and_article"),
            models.CheckConstraint(condition=Q(told_cases__lte=F("cases")), name="what_was_told_is_bought"),
            models.CheckConstraint(condition=Q(told_cases=0) | Q(told_at__isnull=False), name="told_purchase_says_when"),
            models.CheckConstraint(
                condition=Q(arrived__isnull=True, arrived_at__isnull=True) | Q(arrived__isnull=False, arrived_at__isnull=False),
                name="arrived_purchase_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cases} × {self.size} of {self.stockrecord_id} for {self.round_id}"

    @property
    def supply(self) -> int:
        """Pieces that come for it: as arrived, else as bought."""
        return self.cases * self.size if self.arrived is None else self.arrived
