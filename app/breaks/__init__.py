"""Providers, offers, sessions, places and registers."""
