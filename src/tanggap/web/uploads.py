"""Files as they come with a form."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tanggap.actions.contents import TooLarge, Upload, check_files


def uploads(request: HttpRequest, *fields: str) -> tuple[Upload, ...]:
    """Every file of ``fields``, read. Raises :class:`TooLarge` before reading one that is too large."""
    found = [file for name in fields for file in request.FILES.getlist(name)]
    most = settings.TANGGAP_FILE_MEGABYTES
    for file in found:
        if (file.size or 0) > most * 1024 * 1024:
            raise TooLarge(_("Berkas %(name)s melebihi %(most)d MB.") % {"name": file.name, "most": most})
    read = tuple(Upload(file.name or "", file.read()) for file in found)
    check_files(read)
    return read


def hint() -> str:
    """How many files, and how large."""
    return _("Paling banyak %(files)d berkas, masing-masing sampai %(most)d MB.") % {
        "files": settings.TANGGAP_FILES_MOST, "most": settings.TANGGAP_FILE_MEGABYTES,
    }  # fmt: skip
