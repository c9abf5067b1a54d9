"""Pages of text: how it works, imprint, terms, privacy and the like; and the stories of producers and villages."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from billing.online import connection, disclosure
from cms import frames, gallery, rows
from cms.blocks.base import children, joined, wishes_of
from cms.blocks.texts import TextStream
from cms.model_parts.base import MarketPage
from marketplace.pictures import sizes
from marketplace.pictures.models import Picture
from marketplace.shop.cards import producer_cards_of

BODY = _("text")
PICTURE = _("picture")
#: the page to which the market leads for its privacy notice; what paying online needs is told on it by itself
PRIVACY = "datenschutz"


def told(*, page: Any, cards: Sequence[Picture | None] = ()) -> dict[str, Any]:
    """`sections` (each block with its picture), `picture` and `share`; all pictures of the page in one query, `cards` too."""
    sections = list(children(page.body))
    _wishes, keys = wishes_of(sections=sections)
    found = gallery.look_up(cards=cards, named=[page.picture_id, page.share_key, *keys])
    values = joined(sections=sections, lively={}, steady={"pictures": gallery.beside_text(gallery=found, keys=keys)})
    return {
        "sections": [(child, values[key]) for child, (key, _block, _value) in zip(page.body, sections, strict=True)],
        "picture": gallery.shown(gallery=found, key=page.picture_id, size=sizes.HERO),
        "share": gallery.shown(gallery=found, key=page.share_key, size=sizes.SHARE),
    }


class StandardPage(MarketPage, Page):  # type: ignore[django-manager-missing]  # the manager comes from Wagtail, untyped
    """A page of text."""

    lead = models.CharField(_("in one sentence"), max_length=250, blank=True)
    picture = models.ForeignKey(
        "pictures.Picture", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=PICTURE
    )
    body = StreamField(TextStream(), verbose_name=BODY, blank=True)

    template = "cms/standard_page.html"
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]
    subpage_types = ["cms.StandardPage"]
    stream_names = ("body",)
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("picture"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`sections`, `picture`, and on the privacy notice what the payment provider learns."""
        context = super().get_context(request, *args, **kwargs)
        context |= told(page=self)
        context["crumbs"] = [{"label": _("Start page"), "url": "/"}, {"label": self.title}]
        region = getattr(request, "region", None)
        if self.slug == PRIVACY and region is not None and connection.is_offered(region=region):
            context["disclosures"] = [disclosure.of_customers(), disclosure.of_producers()]
        return context


class StoryIndexPage(MarketPage, Page):  # type: ignore[django-manager-missing]  # the manager comes from Wagtail, untyped
    """All stories, the newest first."""

    lead = models.CharField(_("in one sentence"), max_length=250, blank=True)

    template = "cms/story_index_page.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.StoryPage"]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("list of stories")
        verbose_name_plural = _("lists of stories")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`stories`: cards of those that are live."""
        context = super().get_context(request, *args, **kwargs)
        tales, region = frames.tales_below(page=self), context["region"]
        told_of = [tale.partner_id for tale in tales if tale.partner_id]
        partners = rows.sellers(region=region, among=told_of) if region and told_of else []
        found = gallery.look_up(named=[self.share_key, *(tale.picture_id for tale in tales)])
        context["stories"] = rows.stories(tales=tales, partners=partners, found=found)
        context["share"] = gallery.shown(gallery=found, key=self.share_key, size=sizes.SHARE)
        context["crumbs"] = [{"label": _("Start page"), "url": "/"}, {"label": self.title}]
        return context


class StoryPage(MarketPage, Page):  # type: ignore[django-manager-missing]  # the manager comes from Wagtail, untyped
    """A portrait of a producer or a village."""

    teaser = models.CharField(_("teaser"), max_length=250, help_text=_("One or two sentences for lists."))
    picture = models.ForeignKey(
        "pictures.Picture", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=PICTURE
    )
    partner = models.ForeignKey(
        "partner.Partner", on_delete=models.SET_NULL, null=True, blank=True, related_name="stories", verbose_name=_("producer")
    )
    body = StreamField(TextStream(), verbose_name=BODY, blank=True)

    template = "cms/story_page.html"
    parent_page_types = ["cms.StoryIndexPage"]
    subpage_types: list[str] = []
    stream_names = ("body",)
    row_names = ("partner",)
    content_panels = [
        *Page.content_panels,
        FieldPanel("teaser"),
        FieldPanel("picture"),
        FieldPanel("partner"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("teaser"), index.SearchField("body")]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`sections`, `picture`, and `producer` (a card) while it sells."""
        context = super().get_context(request, *args, **kwargs)
        region = context["region"]
        partners = rows.sellers(region=region, among=[self.partner_id]) if region and self.partner_id else []
        context |= told(page=self, cards=[partner.picture for partner in partners])
        context["producer"] = next(iter(producer_cards_of(partners=partners, today=timezone.localdate())), None)
        above = self.get_parent()
        context["crumbs"] = [
            {"label": _("Start page"), "url": "/"},
            {"label": above.title, "url": "../"},
            {"label": self.title},
        ]
        return context
