"""Pages of text: how it works, imprint, terms, privacy and the like; and the stories of producers and villages."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms import rows
from cms.blocks.base import children, joined, wishes_of
from cms.blocks.texts import TextStream
from cms.model_parts.base import MarketPage
from marketplace.pictures import sizes

BODY = _("text")
PICTURE = _("picture")


def sections_of(*, body: Any) -> list[tuple[Any, dict[str, Any]]]:
    """Each block with its picture."""
    sections = list(children(body))
    _wishes, pictures = wishes_of(sections=sections)
    values = joined(sections=sections, lively={}, steady={"pictures": rows.pictures(keys=pictures)})
    return [(child, values[key]) for child, (key, _block, _value) in zip(body, sections, strict=True)]


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
        """`sections` and `picture`."""
        context = super().get_context(request, *args, **kwargs)
        context["picture"] = sizes.shown(picture=self.picture, size=sizes.HERO)
        context["sections"] = sections_of(body=self.body)
        context["crumbs"] = [{"label": _("Home"), "url": "/"}, {"label": self.title}]
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
        context["stories"] = rows.stories(below=self)
        context["crumbs"] = [{"label": _("Home"), "url": "/"}, {"label": self.title}]
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
        context["picture"] = sizes.shown(picture=self.picture, size=sizes.HERO)
        context["sections"] = sections_of(body=self.body)
        context["producer"] = rows.producer(partner_id=self.partner_id, region=context["region"], today=timezone.localdate())
        above = Page.objects.parent_of(self).values_list("title", flat=True).first()
        context["crumbs"] = [
            {"label": _("Home"), "url": "/"},
            {"label": above or "", "url": "../"},
            {"label": self.title},
        ]
        return context
