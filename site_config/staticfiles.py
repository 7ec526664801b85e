"""Static files under hashed names, with brotli and gzip beside them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    # The editor's modules import each other by relative path: those imports must get the hashed names too.
    support_js_module_import_aggregation = True
