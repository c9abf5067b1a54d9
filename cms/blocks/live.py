"""Blocks that show the market as it is now."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms import boards, goods, rows
from cms.blocks.base import HeadedBlock, heading
from cms.blocks.choosers import (
    CategoryChooserBlock,
    MunicipalityChooserBlock,
    PartnerChooserBlock,
    PictureChooserBlock,
    ProductChooserBlock,
)

RULES = [
    (goods.SEASON, _("in season now")),
    (goods.NEW, _("newest first")),
    (goods.ORGANIC, _("organic")),
    (goods.LIMITED, _("only so many")),
    (goods.ALL, _("a bit of everything")),
]
PRODUCER_RULES = [
    (rows.NEW_PRODUCERS, _("newest first")),
    (rows.PRODUCERS_OF_VILLAGE, _("of one village")),
    (rows.PRODUCERS, _("by name")),
]


def _how_many(default: int, most: int) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label=_("How many at most"), default=default, min_value=1, max_value=most)


def _keys(chosen: Iterable[Any]) -> tuple[int, ...]:
    """The keys of what was chosen by hand; what has been deleted since is an empty place."""
    return tuple(row.pk for row in chosen if row is not None)


def _key(chosen: Any) -> int | None:
    """The key of what was chosen, if anything."""
    return chosen.pk if chosen is not None else None


class RoundBlock(HeadedBlock):
    """The coming rounds with their windows and pickup points."""

    heading = heading(default=_("The next delivery round"))
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=300)
    count = _how_many(1, 3)

    def wish(self, value: Any) -> boards.RoundWish:
        """So many rounds."""
        return boards.RoundWish(count=value.get("count") or 1)

    class Meta:
        icon = "date"
        label = _("Round now")
        description = _("The next delivery round with countdown, delivery windows and pickup points. Keeps itself up to date.")
        template = "cms/blocks/round.html"
        preview_value = {"heading": "Die nächste Lieferrunde", "text": "", "count": 1}


class PickedGoodsBlock(HeadedBlock):
    """Articles that an editor picked."""

    heading = heading()
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=300)
    products = blocks.ListBlock(ProductChooserBlock(label=_("Article")), label=_("Articles"), min_num=1, max_num=12)

    def wish(self, value: Any) -> goods.GoodsWish:
        """Those, in that order."""
        picked = _keys(value.get("products") or ())
        return goods.GoodsWish(picked=picked, count=max(1, len(picked)))

    class Meta:
        icon = "pick"
        label = _("Articles by hand")
        description = _("Articles that you pick. What is sold out or hidden later disappears by itself.")
        template = "cms/blocks/goods.html"
        preview_value = {"heading": "Unsere Empfehlungen", "text": "", "products": []}


class RuledGoodsBlock(HeadedBlock):
    """Articles that a rule finds."""

    heading = heading()
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=300)
    rule = blocks.ChoiceBlock(label=_("Which"), choices=RULES, default=goods.SEASON)
    category = CategoryChooserBlock(label=_("Only from this shelf"), required=False)
    count = _how_many(8, 12)

    def wish(self, value: Any) -> goods.GoodsWish:
        """What the rule finds."""
        return goods.GoodsWish(
            rule=value.get("rule") or goods.ALL, category_id=_key(value.get("category")), count=value.get("count") or 8
        )

    class Meta:
        icon = "list-ul"
        label = _("Articles by rule")
        description = _("Articles in season, new, organic or scarce; from one shelf or all. Keeps itself up to date.")
        template = "cms/blocks/goods.html"
        preview_value = {"heading": "Jetzt in der Saison", "text": "", "rule": goods.SEASON, "category": None, "count": 4}


class PickedProducersBlock(HeadedBlock):
    """Producers that an editor picked."""

    heading = heading(default=_("Our producers"))
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=300)
    producers = blocks.ListBlock(PartnerChooserBlock(label=_("Producer")), label=_("Producers"), min_num=1, max_num=12)

    def wish(self, value: Any) -> rows.RowWish:
        """Those, in that order."""
        return rows.RowWish(kind="producers", picked=_keys(value.get("producers") or ()))

    class Meta:
        icon = "home"
        label = _("Producers by hand")
        description = _("Producers that you pick. One that is suspended later disappears by itself.")
        template = "cms/blocks/producers.html"
        preview_value = {"heading": "Unsere Betriebe", "text": "", "producers": []}


class RuledProducersBlock(HeadedBlock):
    """Producers that a rule finds."""

    heading = heading(default=_("Our producers"))
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=300)
    rule = blocks.ChoiceBlock(label=_("Which"), choices=PRODUCER_RULES, default=rows.NEW_PRODUCERS)
    village = MunicipalityChooserBlock(label=_("Village"), required=False, help_text=_("Only for “of one village”."))
    count = _how_many(6, 24)

    def wish(self, value: Any) -> rows.RowWish:
        """What the rule finds."""
        rule = value.get("rule") or rows.PRODUCERS
        village = _key(value.get("village")) if rule == rows.PRODUCERS_OF_VILLAGE else None
        return rows.RowWish(kind="producers", rule=rule, village_id=village, count=value.get("count") or 6)

    class Meta:
        icon = "home"
        label = _("Producers by rule")
        description = _("New producers, those of one village, or all by name. Keeps itself up to date.")
        template = "cms/blocks/producers.html"
        preview_value = {"heading": "Neu dabei", "text": "", "rule": rows.NEW_PRODUCERS, "village": None, "count": 3}


class RowBlock(HeadedBlock):
    """A block that shows one kind of row and needs no more than a heading."""

    kind = ""
    count = 0

    def wish(self, value: Any) -> rows.RowWish:
        """One row of that kind."""
        return rows.RowWish(kind=self.kind, count=self.count)


class SeasonBlock(HeadedBlock):
    """What the month has."""

    heading = heading(default=_("In season this month"))
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=300)

    def wish(self, value: Any) -> goods.SeasonWish:
        """Names of what is in season."""
        return goods.SeasonWish()

    class Meta:
        icon = "calendar-alt"
        label = _("Season")
        description = _("What is in season this month, each a link. Changes by itself with the month.")
        template = "cms/blocks/season.html"
        preview_value = {"heading": "Das hat gerade Saison", "text": ""}


class CategoriesBlock(RowBlock):
    """The shelves of the market."""

    kind = "categories"
    heading = heading(default=_("Look around"))

    class Meta:
        icon = "list-ul"
        label = _("Shelves")
        description = _("All shelves of the market as tiles with the number of articles.")
        template = "cms/blocks/categories.html"
        preview_value = {"heading": "Stöbern"}


class VillagesBlock(RowBlock):
    """The map of the villages."""

    kind = "villages"
    heading = heading(default=_("Where it comes from"))
    text = blocks.TextBlock(label=_("Text"), required=False, max_length=300)

    class Meta:
        icon = "site"
        label = _("Villages")
        description = _("A map of all villages with the number of articles from each.")
        template = "cms/blocks/villages.html"
        preview_value = {"heading": "Aus diesen Dörfern", "text": ""}


class VillageOfTheMonthBlock(HeadedBlock):
    """One village with a picture and its producers."""

    heading = heading(default=_("Village of the month"))
    village = MunicipalityChooserBlock(label=_("Village"))
    picture = PictureChooserBlock(label=_("Picture"), required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "link"])

    def wish(self, value: Any) -> rows.RowWish:
        """Its producers."""
        return rows.RowWish(kind="village", village_id=_key(value.get("village")) or 0, count=6)

    class Meta:
        icon = "site"
        label = _("Village of the month")
        description = _("A village with picture and text; its producers stand below by themselves.")
        template = "cms/blocks/village.html"
        preview_value = {"heading": "Dorf des Monats", "village": None, "picture": None, "text": "<p>Ein Dorf am See.</p>"}


class StoriesBlock(HeadedBlock):
    """The latest stories."""

    heading = heading(default=_("Stories"))
    count = _how_many(3, 6)

    def wish(self, value: Any) -> rows.RowWish:
        """So many."""
        return rows.RowWish(kind="stories", count=value.get("count") or 3)

    class Meta:
        icon = "doc-full"
        label = _("Stories")
        description = _("The latest stories of producers and villages.")
        template = "cms/blocks/stories.html"
        preview_value = {"heading": "Geschichten", "count": 3}


class EventsBlock(HeadedBlock):
    """The next events."""

    heading = heading(default=_("Events"))
    count = _how_many(3, 6)

    def wish(self, value: Any) -> rows.RowWish:
        """So many."""
        return rows.RowWish(kind="events", count=value.get("count") or 3)

    class Meta:
        icon = "calendar"
        label = _("Events")
        description = _("The next events. What is over disappears by itself.")
        template = "cms/blocks/events.html"
        preview_value = {"heading": "Termine", "count": 3}


class NumbersBlock(RowBlock):
    """How big the market is."""

    kind = "numbers"
    heading = heading(default=_("The market in numbers"))

    class Meta:
        icon = "order"
        label = _("Numbers")
        description = _("How many producers, articles and villages there are. Counts by itself.")
        template = "cms/blocks/numbers.html"
        preview_value = {"heading": "Der Markt in Zahlen"}
