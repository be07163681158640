"""The WSGI application that ``tieout serve`` runs."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from tieout.config import bootstrap

bootstrap.start()
application = get_wsgi_application()
