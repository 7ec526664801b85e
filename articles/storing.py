"""Files that are served: each under the digest of its own bytes, so that an address never means anything else."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def name_in_storage(digest: str, extension: str) -> str:
    return f"{digest[:2]}/{digest}.{extension}"


def keep(data: bytes, extension: str) -> tuple[str, str]:
    """Stores served bytes under their own digest; (digest, extension). The same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    name = name_in_storage(digest, extension)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return digest, extension


def drop(digest: str, extension: str) -> None:
    """Deletes the file, if it is there."""
    default_storage.delete(name_in_storage(digest, extension))
