"""Choosing articles, producers, shelves and villages; a page that shows them reads them all at once, never one by one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.blocks import ChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from marketplace.assortments.precedence import EVERYTHING
from marketplace.catalogue.models import Category, Product
from marketplace.partner.models import Partner
from marketplace.regions.access import has_role
from marketplace.regions.models import Municipality, Role


def rows_only_by_key(model: Any, keys: Sequence[Any]) -> list[Any]:
    """Rows that know nothing but their key yet; whatever else is asked of one is read then."""
    return [model.from_db(None, ("id",), (key,)) if key is not None else None for key in keys]


class LazyChooserBlock(ChooserBlock):
    """A chooser whose rows are read only by those who ask for more than the key: the editors' forms, not the page."""

    def bulk_to_python(self, values: Sequence[Any]) -> list[Any]:
        """The chosen rows, unread."""
        return rows_only_by_key(self.model_class, values)

    def get_form_state(self, value: Any) -> Any:
        """For the form; a row that is gone by now is an empty choice."""
        key = getattr(value, "pk", value)
        return super().get_form_state(self.model_class.objects.filter(pk=key).first() if key else None)


class PictureChooserBlock(ImageChooserBlock):
    """The same for pictures."""

    bulk_to_python = LazyChooserBlock.bulk_to_python

    def get_form_state(self, value: Any) -> Any:
        """For the form; a picture that is gone by now is an empty choice."""
        key = getattr(value, "pk", value)
        return super().get_form_state(self.model_class.objects.filter(pk=key).first() if key else None)

    class Meta:
        icon = "image"


class WordsForm(BaseFilterForm):
    """One field: words that the name has in it."""

    q = forms.CharField(label=_("Search term"), required=False)
    field = "name"

    def filter(self, objects: Any) -> Any:
        """Those with all the words in their name."""
        self.search_query = self.cleaned_data.get("q", "")
        self.is_searching = bool(self.search_query)
        for word in self.search_query.split():
            objects = objects.filter(**{f"{self.field}__icontains": word})
        return objects


class TitleWordsForm(WordsForm):
    """The same for articles, whose name is a title."""

    field = "title"


class Regional:
    """Knows which rows the editors of a region may choose: those of the region whose admin this is."""

    request: Any
    model_class: Any

    def rows(self) -> Any:
        """The rows one may choose from; none for who is no editor here."""
        every = self.model_class.objects.all()
        region = self.request.region
        if not has_role(user=self.request.user, region=region, role=Role.EDITOR):
            return every.none()
        return self.of_region(every, region)

    def of_region(self, every: Any, region: Any) -> Any:
        """Those of the region."""
        return every.filter(region=region)

    def get_object_list(self) -> Any:
        """For the list."""
        return self.rows()

    def get_object(self, pk: Any) -> Any:
        """For the one that was chosen."""
        return self.rows().get(pk=pk)

    def get_objects(self, pks: Any) -> Any:
        """For several that were chosen."""
        return self.rows().filter(pk__in=pks)


class Listed(Regional):
    """By name, with a second column that says where it comes from."""

    ordering = ("name", "pk")
    filter_form_class: Any = WordsForm
    place: Any = None

    @property
    def columns(self) -> list[Any]:
        """Name, and where it comes from."""
        own: list[Any] = super().columns  # type: ignore[misc]  # of the Wagtail view that stands behind
        return [*own, *([self.place] if self.place else [])]


class ProductRows(Listed):
    """Articles that visitors can see."""

    ordering = ("title", "pk")
    filter_form_class = TitleWordsForm
    place = Column("partner", label=_("Producer"), accessor="partner")

    def of_region(self, every: Any, region: Any) -> Any:
        """Those on show, also what only certain customers see: pages show it to them alone."""
        return every.on_show(region, sight=EVERYTHING).select_related("partner")


class PartnerRows(Listed):
    """Producers that sell."""

    place = Column("municipality", label=_("Village"), accessor="municipality")

    def of_region(self, every: Any, region: Any) -> Any:
        """Approved ones."""
        return every.selling().filter(region=region).select_related("municipality")


class CategoryRows(Listed):
    """Shelves, which all regions share."""

    def of_region(self, every: Any, region: Any) -> Any:
        """All that are on show."""
        return every.filter(is_public=True)


def _chooser(name: str, *, model: Any, rows: type, icon: str, one: Any, another: Any) -> ChooserViewSet:
    """A chooser all of whose views see the same rows."""
    views = {
        f"{part}_view_class": type(f"{rows.__name__}{view.__name__}", (rows, view), {})
        for part, view in (
            ("choose", ChooseView),
            ("choose_results", ChooseResultsView),
            ("chosen", ChosenView),
            ("chosen_multiple", ChosenMultipleView),
        )
    }
    words = {"choose_one_text": one, "choose_another_text": another, "icon": icon}
    return ChooserViewSet(name, model=model, base_block_class=LazyChooserBlock, **words, **views)


product_chooser = _chooser(
    "product_chooser",
    model=Product, rows=ProductRows, icon="pick", one=_("Choose an article"), another=_("Choose another article"),
)  # fmt: skip
partner_chooser = _chooser(
    "partner_chooser",
    model=Partner, rows=PartnerRows, icon="home", one=_("Choose a producer"), another=_("Choose another producer"),
)  # fmt: skip
municipality_chooser = _chooser(
    "municipality_chooser",
    model=Municipality, rows=Listed, icon="site", one=_("Choose a village"), another=_("Choose another village"),
)  # fmt: skip
category_chooser = _chooser(
    "category_chooser",
    model=Category, rows=CategoryRows, icon="list-ul", one=_("Choose a shelf"), another=_("Choose another shelf"),
)  # fmt: skip
CHOOSERS = (product_chooser, partner_chooser, municipality_chooser, category_chooser)

HERE = "cms.blocks.choosers"
ProductChooserBlock = product_chooser.get_block_class(name="ProductChooserBlock", module_path=HERE)
PartnerChooserBlock = partner_chooser.get_block_class(name="PartnerChooserBlock", module_path=HERE)
MunicipalityChooserBlock = municipality_chooser.get_block_class(name="MunicipalityChooserBlock", module_path=HERE)
CategoryChooserBlock = category_chooser.get_block_class(name="CategoryChooserBlock", module_path=HERE)
