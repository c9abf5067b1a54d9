"""Blocks that show what an editor wrote."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.base import ADDRESS, ADDRESS_HELP, HeadedBlock, heading
from cms.blocks.choosers import PictureChooserBlock

TONES = [("sky", _("blue: for information")), ("honey", _("yellow: please note")), ("leaf", _("green: good news"))]
WORDS = ["bold", "italic", "link", "document-link", "ul", "ol"]


class HeroBlock(HeadedBlock):
    """The first screen: what this is, and the way in."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), max_length=300)
    picture = PictureChooserBlock(
        label=_("Picture"), required=False, help_text=_("At least 1,600 pixels wide. Without one, hills are drawn.")
    )
    search = blocks.BooleanBlock(label=_("With a search field"), required=False, default=True)

    class Meta:
        icon = "image"
        label = _("Hero")
        description = _("The first screen: title, sentence, picture and search. Once, at the top.")
        template = "cms/blocks/hero.html"
        preview_value = {
            "title": "Frisch aus unseren Dörfern, eine Lieferung.",
            "text": "Viele Betriebe, ein Warenkorb, eine gemeinsame Runde.",
            "picture": None,
            "search": True,
        }


class NoticeBlock(HeadedBlock):
    """A band with a sentence that should be seen."""

    text = blocks.CharBlock(label=_("Text"), max_length=200)
    tone = blocks.ChoiceBlock(label=_("Colour"), choices=TONES, default="sky")
    link_text = blocks.CharBlock(label=_("Text of the link"), required=False, max_length=60)
    link = blocks.CharBlock(
        label=_("Address of the link"), required=False, max_length=200, validators=[ADDRESS], help_text=ADDRESS_HELP
    )

    class Meta:
        icon = "warning"
        label = _("Notice band")
        description = _("A band with one sentence, for example about a changed delivery day.")
        template = "cms/blocks/notice.html"
        preview_value = {"text": "Am 26. Dezember fährt keine Runde.", "tone": "honey", "link_text": "", "link": ""}


class TextBlock(HeadedBlock):
    """Plain text with headings and lists."""

    text = blocks.RichTextBlock(label=_("Text"), features=["h2", "h3", *WORDS])

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Headings, paragraphs and lists.")
        template = "cms/blocks/text.html"
        preview_value = {"text": "<h2>Überschrift</h2><p>Ein Absatz mit Text.</p>"}


class TextPictureBlock(HeadedBlock):
    """Text beside a picture."""

    heading = heading(required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=WORDS)
    picture = PictureChooserBlock(label=_("Picture"))
    side = blocks.ChoiceBlock(
        label=_("The picture stands"), choices=[("left", _("left")), ("right", _("right"))], default="right"
    )

    class Meta:
        icon = "image"
        label = _("Text and picture")
        description = _("Text beside a picture; on phones the picture stands above.")
        template = "cms/blocks/text_picture.html"
        preview_value = {"heading": "So arbeiten wir", "text": "<p>Ein Absatz.</p>", "picture": None, "side": "right"}


class QuoteBlock(HeadedBlock):
    """What somebody said."""

    text = blocks.TextBlock(label=_("What was said"), max_length=400)
    who = blocks.CharBlock(label=_("Who said it"), max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("A sentence that somebody said, with the name.")
        template = "cms/blocks/quote.html"
        preview_value = {"text": "Früher fuhr jeder selbst.", "who": "Ada Beispiel, Hof Beispiel"}


class TextStream(blocks.StreamBlock):
    """What text pages and stories are put together from."""

    text = TextBlock()
    text_picture = TextPictureBlock()
    notice = NoticeBlock()
    quote = QuoteBlock()
