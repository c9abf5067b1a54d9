"""Decides which files are pictures, and writes them anew without what a camera tells about a place."""

from io import BytesIO
from pathlib import PurePath
from typing import IO, Final

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

register_heif_opener()

MAX_BYTES: Final = 15 * 1024 * 1024
#: what a picture may have before it is opened (a small file can unfold to gigabytes), and what is kept of it
MAX_PIXELS: Final = 60_000_000
LONGEST_SIDE: Final = 3000
SHORTEST_SIDE: Final = 40
#: what comes in → what is stored; everything that may come in is here
STORED_AS: Final = {
    "JPEG": "JPEG", "MPO": "JPEG", "HEIF": "JPEG", "AVIF": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP",
}  # fmt: skip
ENDING: Final = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
OPTIONS: Final[dict[str, dict[str, object]]] = {
    "JPEG": {"quality": 90, "progressive": True},
    "PNG": {},
    "WEBP": {"quality": 90},
}


class BadPicture(ValueError):
    """The file cannot be taken; the message is for the person who sent it."""


def clean(*, file: IO[bytes], name: str, longest_side: int = LONGEST_SIDE) -> "ContentFile[bytes]":
    """The picture as a new file: turned upright, at most `longest_side` pixels long, in sRGB, without EXIF, position or comments.

    What it is is found in the content, never in `name`; HEIC and AVIF become JPEG. Raises `BadPicture`.
    """
    content = _read(file)
    image, kind = _open(content)
    stored = STORED_AS[kind]
    if stored == "JPEG" and image.mode in {"RGBA", "LA", "PA"}:
        stored = "PNG"
    image.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    # pixels are carried over into an image that never knew the old one's notes
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    written = BytesIO()
    bare.save(written, format=stored, **OPTIONS[stored])
    return ContentFile(written.getvalue(), name=(PurePath(name).stem[:60] or "bild") + ENDING[stored])


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise BadPicture(_("The picture is too big. Please choose one of at most 15 MB."))
    if not content:
        raise BadPicture(_("The file is empty. Please choose another picture."))
    return content


def _open(content: bytes) -> tuple[Image.Image, str]:
    try:
        image = Image.open(BytesIO(content))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        image = None
    kind = (image and image.format) or ""
    if image is None or kind not in STORED_AS:
        raise BadPicture(_("This is not a picture we can read. Please choose a photo (JPEG, PNG, WebP or HEIC)."))
    if image.width * image.height > MAX_PIXELS:
        raise BadPicture(_("The picture has too many pixels. Please choose a smaller one."))
    if min(image.size) < SHORTEST_SIDE:
        raise BadPicture(_("The picture is too small. Please choose one of at least 40 by 40 pixels."))
    try:
        return _upright(image), kind
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadPicture(_("The picture is damaged. Please choose another one.")) from error


def _upright(image: Image.Image) -> Image.Image:
    """The first frame, turned as the camera was held, in RGB (with transparency where it has some)."""
    image.seek(0)
    turned = ImageOps.exif_transpose(image)
    profile = turned.info.get("icc_profile")
    if turned.mode not in {"RGB", "RGBA"}:
        transparent = "transparency" in turned.info or turned.mode in {"LA", "PA", "La"}
        profile = None
        turned = turned.convert("RGBA" if transparent else "RGB")
    return _in_srgb(turned, profile) if profile else turned


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Phones write wider colours than the web expects; without its profile such a picture would look pale."""
    try:
        converted = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode=image.mode
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image
