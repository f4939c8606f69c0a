"""One file per command; the folder is walked, there is no list to edit (see :mod:`tanggap.cli.main`)."""
