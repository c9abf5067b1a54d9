"""Oscar's own catalogue template fed by the ORM, which is the quickest way to get its page; and no thumbnails to make."""

from types import SimpleNamespace
from typing import Any

from django.views.generic import ListView
from oscar.core.loading import get_model
from oscar.core.thumbnails import AbstractThumbnailer


class NoThumbnails(AbstractThumbnailer):
    """The articles have no pictures."""

    def generate_thumbnail(self, source: Any, **opts: Any) -> Any:
        """Nothing to shrink."""
        return SimpleNamespace(url="", width=1, height=1)

    def delete_thumbnails(self, source: Any) -> None:
        """Nothing to delete."""


class Shelf(ListView):  # type: ignore[type-arg]  # Oscar's models come without types
    """All public articles, twenty a page."""

    template_name = "oscar/catalogue/browse.html"
    paginate_by = 20

    def get_queryset(self) -> Any:
        """What Oscar calls browsable, with what its cards ask for."""
        return get_model("catalogue", "Product").objects.browsable().base_queryset().order_by("-date_created", "-pk")

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Rows as the template knows them from a search engine."""
        context = super().get_context_data(**given)
        context["products"] = [SimpleNamespace(object=product) for product in context["object_list"]]
        return context
