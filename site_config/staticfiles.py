"""Static files under hashed names, with brotli and gzip beside them."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    # The editor's modules import each other by relative path: those imports must get the hashed names too.
    support_js_module_import_aggregation = True
    max_post_process_passes = 12  # one for each step in the longest chain of imports

    def create_compressor(self, **options: Any) -> Compressor:
        """Leaves source maps out: they are for developers alone, and take longer than everything else together."""
        skipped = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
        return super().create_compressor(**{**options, "extensions": skipped})
