"""What all our pages share: how they look when shared, that they are open to everybody, and that they stay in their region."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction

from cms import belonging
from marketplace.regions import kept
from marketplace.regions.models import Region


class MarketPageForm(WagtailAdminPageForm):
    """Refuses what belongs to another region."""

    def clean(self) -> Any:
        """The streams and choosers of the page, against the region of the place where it stands."""
        cleaned = super().clean()
        page = self.parent_page if self.instance._state.adding or not self.instance.path else self.instance
        streams = [cleaned.get(name) for name in self.instance.stream_names if cleaned.get(name) is not None]
        rows = [cleaned.get(name) for name in self.instance.row_names]
        for sentence in belonging.strangers(streams=streams, rows=rows, region=belonging.region_of(page=page)):
            self.add_error(None, sentence)
        return cleaned


class MarketPage(models.Model):
    """Mixin of every page type; stands before `Page` in the list of bases."""

    share_picture = models.ForeignKey(
        "pictures.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture when shared"),
        help_text=_("Shown when somebody shares the page; without one, the picture of the page."),
    )

    base_form_class = MarketPageForm
    private_page_options: list[str] = []
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")], heading=_("For search engines")
        ),
        MultiFieldPanel([FieldPanel("share_picture"), FieldPanel("show_in_menus")], heading=_("Elsewhere")),
    ]
    #: fields that hold blocks, and fields that hold chosen rows
    stream_names: tuple[str, ...] = ()
    row_names: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        """None: the market is open to everybody, and a page need not ask."""
        unrestricted: models.QuerySet[PageViewRestriction] = PageViewRestriction.objects.none()
        return unrestricted

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page, its words for other sites, and its region (a preview may come from another host)."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]  # of Page
        own = (self.search_description, getattr(self, "lead", ""), getattr(self, "teaser", ""))  # type: ignore[attr-defined]  # of Page
        context["share_text"] = next((words for words in own if words), "")
        context.setdefault("region", getattr(request, "region", None))
        return context

    @property
    def share_key(self) -> int | None:
        """The key of the picture that other sites show beside a link to this page."""
        own: int | None = self.share_picture_id or getattr(self, "picture_id", None)
        return own

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What visitors read is kept for everybody; a preview is not."""
        if not getattr(request, "is_preview", False):
            kept.keep(request)
        return super().serve(request, *args, **kwargs)  # type: ignore[misc]  # of Page

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """As Wagtail does it, but the page below is read whole at once, not first as any page and then as what it is."""
        if not path_components:
            return super().route(request, path_components)  # type: ignore[misc]  # of Page
        kinds = [str(kind._meta.model_name) for kind in MarketPage.__subclasses__()]
        child = self.get_children().select_related(*kinds).filter(slug=path_components[0]).first()  # type: ignore[attr-defined]  # of Page
        if child is None:
            raise Http404("no page of that name here")
        page = next((getattr(child, kind) for kind in kinds if hasattr(child, kind)), None) or child.specific
        page._cached_parent_obj = self  # Wagtail's own place for it
        return page.route(request, path_components[1:])

    @cached_property
    def own_region(self) -> Region | None:
        """The region of the tree in which it stands."""
        return belonging.region_of(page=self)


__all__ = ["MarketPage", "MarketPageForm", "Page"]
