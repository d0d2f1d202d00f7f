"""Take catalogues out into files that `souk.catalog.importing` reads back without a change."""
