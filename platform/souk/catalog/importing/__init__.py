"""Bring catalogues in from files."""

from souk.catalog.importing.run import ImportReport, Progress, import_shopify_csv

__all__ = ["ImportReport", "Progress", "import_shopify_csv"]
