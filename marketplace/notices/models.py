"""What people marked to find it again, what they want to be told, and what they have been told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Favourite(models.Model):
    """An article or a producer that somebody marked."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    partner = models.ForeignKey("partner.Partner", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=False, partner__isnull=True) | Q(product__isnull=True, partner__isnull=False),
                name="favourite_is_one_thing",
            ),
            models.UniqueConstraint(fields=["user", "product"], condition=Q(product__isnull=False), name="article_marked_once"),
            models.UniqueConstraint(fields=["user", "partner"], condition=Q(partner__isnull=False), name="producer_marked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.product_id or self.partner_id}"


class ArticleNotice(models.Model):
    """Somebody who wants to know when an article can be ordered (again): a person with an account, or an e-mail address.

    An address is written to only after its owner confirmed it. Told once; then whoever wants to know again asks again.
    """

    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="article_notices"
    )
    email = models.EmailField(blank=True)
    asked_at = models.DateTimeField()
    #: when the mail with the confirming link went out; only for addresses without an account
    asked_back_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user__isnull=True) & ~Q(email="")),
                name="article_notice_goes_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(confirmed_at__isnull=False), name="only_confirmed_notices_are_sent"
            ),
            models.UniqueConstraint(
                fields=["product", "user"], condition=Q(told_at__isnull=True, user__isnull=False), name="person_asks_once"
            ),
            models.UniqueConstraint(
                fields=["product", "email"], condition=Q(told_at__isnull=True, user__isnull=True), name="address_asks_once"
            ),
        ]
        indexes = [
            models.Index(fields=["product"], condition=Q(told_at__isnull=True), name="article_notice_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.user_id or self.email}"


class Kind(models.TextChoices):
    """The notices that one can choose; each is really sent."""

    AVAILABLE = "available", _("An article you waited for can be ordered")
    ON_THE_WAY = "on_the_way", _("Your delivery is on the way")
    HITCH = "hitch", _("Something about your delivery is not as it should be")
    ROUND_OPENS = "round_opens", _("A new round is open")
    ROUND_CLOSES = "round_closes", _("Tomorrow is the last day to order")
    NEW_ARTICLES = "new_articles", _("New articles of your favourite producers")
    REVIEW = "review", _("How did you like it?")


class NoticeChoice(models.Model):
    """That a person, or the owner of an address, wants a kind of notice of a region, or does not."""

    region = models.ForeignKey("regions.Region", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="notice_choices"
    )
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    wanted = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user__isnull=True) & ~Q(email="")),
                name="notice_choice_is_somebodys",
            ),
            models.UniqueConstraint(
                fields=["region", "user", "kind"], condition=Q(user__isnull=False), name="person_chooses_once"
            ),
            models.UniqueConstraint(
                fields=["region", "email", "kind"], condition=Q(user__isnull=True), name="address_chooses_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id or self.email}: {self.kind}"


class Told(models.Model):
    """A notice that went out. That it stands here keeps it from going out again."""

    kind = models.CharField(max_length=15, choices=Kind.choices)
    #: what it was about and for whom, e.g. "round:17:5"
    key = models.CharField(max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="told_once")]
        indexes = [models.Index(fields=["at"], name="told_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
