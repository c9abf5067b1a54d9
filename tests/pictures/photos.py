"""Photos made in memory, with what a phone would write into them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
TURNED_RIGHT = 6


def drawn(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    """The left half green, the right half red."""
    image = Image.new(mode, (width, height), "green")
    image.paste(Image.new(mode, (width // 2, height), "red"), (width // 2, 0))
    return image


def phone_exif(orientation: int = TURNED_RIGHT) -> Image.Exif:
    """A farm kitchen's position, the camera, and how it was held."""
    exif = Image.Exif()
    exif[MAKE] = "Kamerawerk"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update({1: "N", 2: (54.0, 23.0, 42.0), 3: "E", 4: (9.0, 49.0, 16.0)})
    return exif


def photo(
    *, kind: str = "JPEG", name: str = "IMG_0001.jpg", image: Image.Image | None = None, **options: object
) -> SimpleUploadedFile:
    """The photo as a browser sends it."""
    written = BytesIO()
    (image or drawn()).save(written, format=kind, exif=phone_exif().tobytes())
    return SimpleUploadedFile(name, written.getvalue(), content_type="image/jpeg")


def notes_in(content: bytes) -> dict[object, object]:
    """All that a stored file still says besides its pixels: EXIF with its position, XMP, comments."""
    image = Image.open(BytesIO(content))
    exif = image.getexif()
    kept = {
        key: value for key, value in image.info.items() if key in {"exif", "xmp", "comment", "photoshop", "XML:com.adobe.xmp"}
    }
    return dict([*exif.items(), *exif.get_ifd(GPS).items(), *kept.items()])
