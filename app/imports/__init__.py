"""Spreadsheets in: read all, report all, write all or nothing."""
