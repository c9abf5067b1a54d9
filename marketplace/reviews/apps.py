"""What buyers say of articles and producers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """What buyers say of articles and producers."""

    name = "marketplace.reviews"
    label = "market_reviews"
    verbose_name = _("Reviews")
