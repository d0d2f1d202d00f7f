"""Invoices, credit notes and packing slips: numbered without a gap, never changed, printed as PDF."""
