"""Style, scripts and icons: collected under names with their digest, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Names with a digest; before anything was collected, the plain names."""

    def stored_name(self, name: str) -> str:
        """Return the name under which the file is served."""
        return str(super().stored_name(name)) if self.hashed_files else name


def collect() -> bool:
    """Collect the static files unless that was done for exactly these; return whether it was needed."""
    stamp, state = Path(settings.DATA_DIR) / "static.stamp", _state()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == state:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)
    return True


def _state() -> str:
    """A digest over name, size and time of every static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
