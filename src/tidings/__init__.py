"""Tidings reads news pages and keeps the record."""
