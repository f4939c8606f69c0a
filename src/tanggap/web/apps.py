"""Tells Django where the pages' templates, static files, tags and translations are."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The room of the pages; it has no tables."""

    name = "tanggap.web"
    label = "web"
    verbose_name = "Tanggap"
