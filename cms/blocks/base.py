"""What all blocks of our pages share: settings apart from the text, and values that are read for all blocks at once."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms import drafts, stalls

#: an address of ours, or a page elsewhere that answers encrypted; nothing that runs
ADDRESS = RegexValidator(
    r"^(/(?!/)|https://|mailto:|tel:)[^\s<>\"']*$", _("Please enter an address that begins with / or https://.")
)

ADDRESS_HELP = _("For example /lieferung/ or https://…")


class HeadedBlock(blocks.StructBlock):
    """A section of a page. What it shows besides its texts is given to it as `shown`."""

    def wish(self, value: Any) -> Any:
        """What the block would like from the market; None for one that only has texts."""
        return None

    def picture_ids(self, value: Any) -> Iterable[int]:
        """The pictures it names."""
        return [picture.pk for picture in (value.get("picture"),) if picture is not None]

    def get_preview_context(self, value: Any, parent_context: Any = None) -> Any:
        """The preview in the editors' list of blocks shows the live market, too."""
        context = super().get_preview_context(value, parent_context)
        request = (parent_context or {}).get("request")
        region = getattr(request, "region", None)
        if region is not None:
            visit = stalls.Visit(region=region, at=timezone.now())
            context.update(shown_for(blocks_of_page=[("preview", self, value)], visit=visit)["preview"])
        return context

    class Meta:
        preview_template = "cms/block_preview.html"


def heading(default: Any = "", **options: Any) -> blocks.CharBlock:
    """The heading of a section."""
    return blocks.CharBlock(label=_("Heading"), max_length=80, default=default, **options)


def children(stream: Any) -> Iterator[tuple[str, HeadedBlock, Any]]:
    """Key, block and value of each section of a StreamField."""
    for place, child in enumerate(stream):
        yield child.id or str(place), child.block, child.value


def wishes_of(*, sections: Iterable[tuple[str, HeadedBlock, Any]]) -> tuple[stalls.Wishes, list[int]]:
    """What all sections would like, and the pictures they name."""
    listed = list(sections)
    wishes = {key: wish for key, block, value in listed if (wish := block.wish(value)) is not None}
    pictures = [pk for _key, block, value in listed for pk in block.picture_ids(value)]
    return stalls.sorted_by_kind(wishes=wishes), pictures


def shown_for(*, blocks_of_page: Iterable[tuple[str, HeadedBlock, Any]], visit: stalls.Visit) -> dict[str, dict[str, Any]]:
    """By key of the section: `shown` (what it wished for) and `picture` (of its own, by size), read afresh."""
    sections = list(blocks_of_page)
    wishes, pictures = wishes_of(sections=sections)
    lively, steady = drafts.finish(
        drafts=[
            stalls.lively(wishes=wishes, visit=visit),
            stalls.steady(wishes=wishes, pictures=pictures, share_id=None, visit=visit),
        ]
    )
    return joined(sections=sections, lively=lively, steady=steady)


def joined(
    *, sections: Iterable[tuple[str, HeadedBlock, Any]], lively: dict[str, Any], steady: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The values of each section."""
    pictures = steady.get("pictures", {})
    return {
        key: {
            "shown": lively.get(key, steady.get(key)),
            "picture": next((pictures[pk] for pk in block.picture_ids(value) if pk in pictures), None),
        }
        for key, block, value in sections
    }
