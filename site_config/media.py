"""Pictures by the digest of their bytes: re-encoded by us, so the address never means anything else.

They lie in MEDIA_ROOT/<first two digits>/<digest>.<extension>.
"""

from __future__ import annotations

import os
import re
import stat

from django.conf import settings

ADDRESS = re.compile(r"/media/(([0-9a-f]{2})[0-9a-f]{62})\.(webp|avif|jpg|png|gif)", re.ASCII)
TYPES = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}


def find(path: str) -> tuple[str, list[tuple[str, str]]] | None:
    """The file of an address and the headers to send with it, or None. Costs one `stat`."""
    match = ADDRESS.fullmatch(path)
    if not match:
        return None
    digest, folder, extension = match.groups()
    file = os.path.join(settings.MEDIA_ROOT, folder, f"{digest}.{extension}")
    try:
        found = os.stat(file)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return file, [
        ("Content-Type", TYPES[extension]),
        ("Content-Length", str(found.st_size)),
        ("Content-Disposition", "inline"),
        ("Cache-Control", "public, max-age=31536000, immutable"),
        ("ETag", f'"{digest}"'),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ]
