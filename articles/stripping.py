"""A picture's file without what the camera and programs wrote beside the picture: places, names, previews, comments.

Cut out of the file, so that each pixel stays as it was. The colour profile stays too, and which side is up.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator

from PIL import Image as Pillow

ORIENTATION = 0x0112
EXIF = b"Exif\0\0"
JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
START, END, SCAN, COMMENT = b"\xff\xd8", b"\xff\xd9", 0xDA, 0xFE
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD", b"hIST",
    b"pHYs",
}  # fmt: skip
WEBP_KEPT = {b"VP8 ", b"VP8L", b"ALPH", b"ICCP"}
WEBP_EXIF, WEBP_XMP = 0x08, 0x04


class Unusual(ValueError):
    """The file is not built as its format says."""


def stripped(data: bytes) -> bytes:
    """The file of a still picture with its pixels, profile and orientation alone. `stripped(stripped(x)) == stripped(x)`.

    A JPEG, PNG or WebP stays one. Any other kind, and what is not built as it should be, becomes a PNG, without loss.
    """
    with Pillow.open(io.BytesIO(data)) as found:
        turned = found.getexif().get(ORIENTATION, 1)
        cut = CUTTERS.get(found.format or "")
        try:
            return cut(data, orientation(turned)) if cut else written_anew(found, orientation(turned))
        except (Unusual, struct.error, IndexError):
            return written_anew(found, orientation(turned))


def orientation(turned: int) -> bytes:
    """EXIF that says nothing but which side is up; b'' where the first row is at the top."""
    if turned not in range(2, 9):
        return b""
    exif = Pillow.Exif()
    exif[ORIENTATION] = turned
    return exif.tobytes().removeprefix(EXIF)


def jpeg(data: bytes, exif: bytes) -> bytes:
    """Without comments and the segments of applications, but for JFIF, colour profile and Adobe's word on the colours.

    What follows the end of the picture goes too: a camera's second, smaller one for example.
    """
    parts = [START]
    for marker, segment in segments(data):
        if marker == 0xE0 and segment.startswith(b"JFIF\0"):
            parts.insert(1, jpeg_segment(marker, segment[:12] + b"\0\0"))  # without the thumbnail
        elif marker in {0xE2, 0xEE} and segment.startswith((b"ICC_PROFILE\0", b"Adobe")):
            parts.append(jpeg_segment(marker, segment))
        elif marker != COMMENT and not 0xE0 <= marker <= 0xEF:
            parts.append(jpeg_segment(marker, segment) if marker != SCAN else segment)
    if exif:
        has_jfif = parts[1][:2] == b"\xff\xe0"
        parts.insert(1 + has_jfif, jpeg_segment(0xE1, EXIF + exif))
    return b"".join([*parts, END])


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment of a JPEG's first picture; a scan whole, with its marker and its coded pixels."""
    place = 2
    while True:
        while data[place : place + 2] == b"\xff\xff":
            place += 1
        if data[place] != 0xFF:
            raise Unusual("no marker")
        marker = data[place + 1]
        if marker == END[1]:
            return
        end = place + 2 + struct.unpack_from(">H", data, place + 2)[0]
        if marker != SCAN:
            yield marker, data[place + 4 : end]
            place = end
            continue
        following = JPEG_MARKER.search(data, end)
        if following is None:
            raise Unusual("no end")
        yield marker, data[place : following.start()]
        place = following.start()


def jpeg_segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def png(data: bytes, exif: bytes) -> bytes:
    """With the chunks of PNG_KEPT, until its end."""
    parts, place = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while parts[-1][4:8] != b"IEND":
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise Unusual("no end")
        if name in PNG_KEPT:
            parts.append(data[place:end])
        place = end
    if exif:
        parts.insert(2, png_chunk(b"eXIf", exif))
    return b"".join(parts)


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def webp(data: bytes, exif: bytes) -> bytes:
    """With the chunks of WEBP_KEPT; the extended header says what is left."""
    parts, place, end = [], 12, 8 + struct.unpack_from("<I", data, 4)[0]
    while place + 8 <= min(end, len(data)):
        name, length = struct.unpack_from("<4sI", data, place)
        chunk = data[place : place + 8 + length + length % 2]
        if name == b"VP8X":
            flags = chunk[8] & ~(WEBP_EXIF | WEBP_XMP) | (WEBP_EXIF if exif else 0)
            parts.append(chunk[:8] + bytes([flags]) + chunk[9:])
        elif name in WEBP_KEPT:
            parts.append(chunk)
        place += len(chunk)
    if exif:
        parts.append(struct.pack("<4sI", b"EXIF", len(exif)) + exif + b"\0" * (len(exif) % 2))
    body = b"".join(parts)
    return struct.pack("<4sI4s", b"RIFF", len(body) + 4, b"WEBP") + body


def written_anew(found: Pillow.Image, exif: bytes) -> bytes:
    """As PNG: its pixels and its profile. What PNG cannot hold (CMYK) is converted to RGB."""
    found.load()
    profile = found.info.get("icc_profile")
    if found.mode not in {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}:
        found, profile = found.convert("RGB"), None
    bare = found.copy()
    bare.info = {name: value for name, value in found.info.items() if name == "transparency"}
    out = io.BytesIO()
    bare.save(out, "PNG", icc_profile=profile, exif=EXIF + exif if exif else b"")
    return png(out.getvalue(), exif)


CUTTERS = {"JPEG": jpeg, "MPO": jpeg, "PNG": png, "WEBP": webp}
