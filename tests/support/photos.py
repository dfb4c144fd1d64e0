"""Makes the pictures that tests send: as a phone makes them, with all it writes beside them, and as nobody should."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import ExifTags, Image, ImageCms, PngImagePlugin

# Each stands in one place beside the picture that a phone or a program writes.
CANARIES = {
    "make": "CANARYMAKE51",
    "note": "CANARYNOTE52",
    "comment": "CANARYCOMMENT53",
    "xmp": "CANARYXMP54",
    "place": "CANARYPLACE55",
    "profile": "CANARYPROFILE56",
    "text": "CANARYTEXT57",
    "behind": "CANARYBEHIND58",
}
LATITUDE = (45.0, 30.0, 7.25)


def exif(*, turned: int = 1) -> bytes:
    """What a phone notes: device, a note, the place with its degrees, which way is up, and a small copy."""
    noted = Image.Exif()
    noted[ExifTags.Base.Make] = CANARIES["make"]
    noted[ExifTags.Base.ImageDescription] = CANARIES["note"]
    noted[ExifTags.Base.Orientation] = turned
    place = noted.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = LATITUDE
    place[ExifTags.GPS.GPSAreaInformation] = CANARIES["place"].encode()
    return noted.tobytes()


def profile() -> bytes:
    """A colour profile with a name in it."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made + CANARIES["profile"].encode()


def scene(width: int = 320, height: int = 200) -> Image.Image:
    """A picture whose corners are told apart: red, green, blue and white, from top left to bottom right."""
    picture = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for at, colour in zip(((0, 0), (half[0], 0), (0, half[1]), half), ("red", "lime", "blue", "white"), strict=True):
        picture.paste(colour, (*at, at[0] + half[0], at[1] + half[1]))
    return picture


def phone_photo(*, turned: int = 1, picture: Image.Image | None = None) -> bytes:
    """A JPEG with everything beside it that could tell of a person, and something behind its end."""
    made = io.BytesIO()
    (picture or scene()).save(
        made,
        "JPEG",
        quality=92,
        exif=exif(turned=turned),
        comment=CANARIES["comment"].encode(),
        icc_profile=profile(),
        xmp=f"<x>{CANARIES['xmp']}</x>".encode(),
    )
    return made.getvalue() + CANARIES["behind"].encode()


def screenshot() -> bytes:
    """A PNG with text, a place and a profile beside it."""
    made, beside = io.BytesIO(), PngImagePlugin.PngInfo()
    beside.add_text("Comment", CANARIES["text"])
    beside.add_itxt("XML:com.adobe.xmp", CANARIES["xmp"], zip=True)
    scene().save(made, "PNG", pnginfo=beside, exif=exif(), icc_profile=profile())
    return made.getvalue()


def web_picture() -> bytes:
    """A WebP with a place and a profile beside it."""
    made = io.BytesIO()
    scene().save(made, "WEBP", exif=exif(), icc_profile=profile(), xmp=CANARIES["xmp"].encode())
    return made.getvalue()


def moving(kind: str) -> bytes:
    """A picture of two, one after the other."""
    made = io.BytesIO()
    scene().save(made, kind, save_all=True, append_images=[Image.new("RGB", (320, 200))])
    return made.getvalue()


def noise(width: int, height: int) -> bytes:
    """A large JPEG: nothing in it can be packed."""
    made = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(made, "JPEG", quality=90)
    return made.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG (ISO 15948, 5.3)."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, rows: bytes = b"") -> bytes:
    """A PNG of one bit a dot that says it is so large, with these chunks before its own."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = rows or zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    ended = [chunk(b"IDAT", body), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join([*chunks, *ended])
