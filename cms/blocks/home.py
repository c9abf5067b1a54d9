"""What home pages are put together from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks import live, texts
from cms.blocks.base import ADDRESS, ADDRESS_HELP


class HomeStream(blocks.StreamBlock):
    """All blocks of a home page, the live ones first."""

    hero = texts.HeroBlock(group=_("Beginning"))
    notice = texts.NoticeBlock(group=_("Beginning"))
    round = live.RoundBlock(group=_("Live from the market"))
    ruled_goods = live.RuledGoodsBlock(group=_("Live from the market"))
    picked_goods = live.PickedGoodsBlock(group=_("Live from the market"))
    ruled_producers = live.RuledProducersBlock(group=_("Live from the market"))
    picked_producers = live.PickedProducersBlock(group=_("Live from the market"))
    season = live.SeasonBlock(group=_("Live from the market"))
    categories = live.CategoriesBlock(group=_("Live from the market"))
    villages = live.VillagesBlock(group=_("Live from the market"))
    events = live.EventsBlock(group=_("Live from the market"))
    numbers = live.NumbersBlock(group=_("Live from the market"))
    village = live.VillageOfTheMonthBlock(group=_("Written"))
    stories = live.StoriesBlock(group=_("Written"))
    text = texts.TextBlock(group=_("Written"))
    text_picture = texts.TextPictureBlock(group=_("Written"))
    quote = texts.QuoteBlock(group=_("Written"))

    class Meta:
        block_counts = {"hero": {"max_num": 1}, "round": {"max_num": 1}, "numbers": {"max_num": 1}, "villages": {"max_num": 1}}


class LinkBlock(blocks.StructBlock):
    """A link of a menu: to a page of ours or to any address."""

    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    address = blocks.CharBlock(
        label=_("or address"), required=False, max_length=200, validators=[ADDRESS], help_text=ADDRESS_HELP
    )
    text = blocks.CharBlock(label=_("Text"), required=False, max_length=60, help_text=_("Empty: the title of the page."))

    class Meta:
        icon = "link"
        label = _("Link")


class MenuStream(blocks.StreamBlock):
    """Links, one below the other."""

    link = LinkBlock()
