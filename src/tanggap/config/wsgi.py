"""The WSGI application, for whoever serves it by another server; `tanggap serve` gathers bodies first (`rsgi`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanggap.config.settings")
application = get_wsgi_application()
