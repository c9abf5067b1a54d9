"""Oscar's tables without Oscar's pages.

Its migrations hang together, so its customer, analytics, review and wish-list tables come along; none of their views,
receivers or URLs do. Its dashboard and search are not installed at all.
"""

from oscar.apps.analytics.apps import AnalyticsConfig
from oscar.apps.catalogue.reviews.apps import CatalogueReviewsConfig
from oscar.apps.customer.apps import CustomerConfig
from oscar.apps.offer.apps import OfferConfig
from oscar.apps.wishlists.apps import WishlistsConfig


class Offer(OfferConfig):
    """Offers, ready for vouchers."""

    def ready(self) -> None:
        """Connect the keepers of the offers' counters, and look up none of the pages."""
        from oscar.apps.offer import receivers  # noqa: F401 - connecting is the import's purpose


class Customer(CustomerConfig):
    """Customer tables; people log in through allauth."""

    def ready(self) -> None:
        """Connect nothing."""


class Analytics(AnalyticsConfig):
    """Counters that nobody feeds: no visitor is recorded."""

    def ready(self) -> None:
        """Connect nothing."""


class Reviews(CatalogueReviewsConfig):
    """Review tables."""

    def ready(self) -> None:
        """Connect nothing."""


class Wishlists(WishlistsConfig):
    """Wish-list tables."""

    def ready(self) -> None:
        """Connect nothing."""
