"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
application = get_wsgi_application()

from audit.starting import refuse_unguarded  # noqa: E402  (the apps must be there)

refuse_unguarded()
