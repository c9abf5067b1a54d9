"""The home page of a region: its blocks, and what stands in the frame of every page of the region."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from billing import net_prices
from cms import fronts, stalls
from cms.blocks.base import children
from cms.blocks.home import HomeStream, MenuStream
from cms.model_parts.base import MarketPage
from logistics import choosing
from marketplace.regions import villages


class HomePage(MarketPage, Page):  # type: ignore[django-manager-missing]  # the manager comes from Wagtail, untyped
    """The first page of a region's market. It also holds the menus, so that they follow the rights of the region's tree."""

    body = StreamField(HomeStream(), verbose_name=_("blocks"), blank=True)
    main_menu = StreamField(MenuStream(), verbose_name=_("main menu"), blank=True)
    footer_menu = StreamField(MenuStream(), verbose_name=_("links at the foot of every page"), blank=True)
    contact_hours = models.CharField(_("when the phone is answered"), max_length=120, blank=True)

    template = "cms/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.StandardPage", "cms.StoryIndexPage", "cms.EventIndexPage"]
    stream_names = ("body",)
    search_fields = [*Page.search_fields, index.SearchField("body")]

    content_panels = [*Page.content_panels, FieldPanel("body")]
    frame_panels = [
        MultiFieldPanel([FieldPanel("main_menu"), FieldPanel("footer_menu")], heading=_("Menus")),
        FieldPanel("contact_hours"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Content")),
            ObjectList(frame_panels, heading=_("Menus and contact")),
            ObjectList(MarketPage.promote_panels, heading=_("Search and sharing")),
        ]
    )

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`sections`: each block with what it shows; read afresh in a preview, at most a minute old otherwise."""
        context = super().get_context(request, *args, **kwargs)
        preview = getattr(request, "is_preview", False)
        region = (self.own_region if preview else None) or context["region"]
        sections = list(children(self.body))
        values: dict[str, Any] = {}
        if region is not None:
            has_session = hasattr(request, "session")
            visit = stalls.Visit(
                region=region,
                at=timezone.now(),
                village=villages.chosen(request) if has_session and not preview else None,
                round_id=choosing.round_of(request) if has_session and not preview else None,
                net=net_prices.shown_to(user=getattr(request, "user", None), region=region, day=timezone.localdate()),
                sight=None if preview else getattr(request, "sight", None),
            )
            version = "" if preview else f"{self.pk}:{self.latest_revision_id}:{self.last_published_at}"
            values, context["share"] = fronts.shown(sections=sections, share_id=self.share_key, visit=visit, version=version)
        context["sections"] = [(child, values.get(key, {})) for child, (key, _b, _v) in zip(self.body, sections, strict=True)]
        return context
