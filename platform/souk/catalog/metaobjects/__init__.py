"""Entries that a merchant defines: size charts, authors, materials, with fields of the metafields' types."""
