"""Events of the region: markets, open farm days, courses; and the page that lists them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms import event_choice, events, frames
from cms.blocks.texts import TextStream
from cms.model_parts.base import MarketPage
from cms.model_parts.texts import BODY, PICTURE, told
from marketplace.shop import sharing

#: of what is over the list shows the latest
PAST = 6


class EventIndexPage(MarketPage, Page):  # type: ignore[django-manager-missing]  # the manager comes from Wagtail, untyped
    """All events, the next first."""

    lead = models.CharField(_("in one sentence"), max_length=250, blank=True)

    template = "cms/event_index_page.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.EventPage"]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("list of events")
        verbose_name_plural = _("lists of events")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`coming` as it is `chosen` by month and village, and `over`: events that are live."""
        context = super().get_context(request, *args, **kwargs)
        found, today = frames.events_below(page=self), timezone.localdate()
        chosen = event_choice.choose(coming=events.coming(happenings=found, today=today), asked=request.GET.dict())
        context |= {"chosen": chosen, "coming": chosen.happenings}
        context["over"] = [] if chosen.is_narrow else events.over(happenings=found, today=today)[:PAST]
        context["crumbs"] = [{"label": _("Start page"), "url": "/"}, {"label": self.title}]
        return context


class EventPage(MarketPage, Page):  # type: ignore[django-manager-missing]  # the manager comes from Wagtail, untyped
    """Something that happens at a time and a place."""

    teaser = models.CharField(_("teaser"), max_length=250, help_text=_("One or two sentences for lists."))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=120, help_text=_("For example the farm, the hall or the square."))
    municipality = models.ForeignKey(
        "regions.Municipality", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("village")
    )
    organiser = models.CharField(_("organiser"), max_length=120, blank=True)
    picture = models.ForeignKey(
        "pictures.Picture", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=PICTURE
    )
    body = StreamField(TextStream(), verbose_name=BODY, blank=True)

    template = "cms/event_page.html"
    parent_page_types = ["cms.EventIndexPage"]
    subpage_types: list[str] = []
    stream_names = ("body",)
    row_names = ("municipality",)
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])], heading=_("When")),
        MultiFieldPanel([FieldPanel("place"), FieldPanel("municipality"), FieldPanel("organiser")], heading=_("Where and who")),
        FieldPanel("teaser"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("teaser"), index.SearchField("body")]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_began")]

    def clean(self) -> None:
        """It ends after it began."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("An event ends after it begins.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`event`, `sections`, `picture`, and `structured` for machines."""
        context = super().get_context(request, *args, **kwargs)
        context |= told(page=self)
        event = frames.happening(row=self)
        root = f"{request.scheme}://{request.get_host()}"
        share = context["share"]
        picture_url = (share.url if "://" in share.url else root + share.url) if share else ""
        context["event"] = event
        context["is_over"] = event.last_day < timezone.localdate()
        context["structured"] = sharing.written(events.structured(happening=event, url=root + event.url, picture_url=picture_url))
        above = self.get_parent()
        context["crumbs"] = [
            {"label": _("Start page"), "url": "/"},
            {"label": above.title, "url": "../"},
            {"label": self.title},
        ]
        return context
