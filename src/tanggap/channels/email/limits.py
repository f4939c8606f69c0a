"""How much of a mail is looked into. What lies beyond is kept raw and said, never dropped; tests pass each figure."""

from __future__ import annotations

BYTES = 64 * 1024 * 1024
"""The longest mail that is read to its end."""
HEAD_BYTES = 1024 * 1024
FIELDS = 2_000
FIELD_BYTES = 256 * 1024
PARAMETER_BYTES = 16 * 1024
DEPTH = 50
PARTS = 500
WORK, WORK_BESIDE = 4, 128 * 1024 * 1024
"""How many times its own length, and how many bytes beside, a mail may be searched for boundaries."""
RECIPIENTS = 1_000
ANSWERS = 50
FAULTS = 40
SUBJECT = 500
NAME = 200
FILE_NAME = 120
TEXT = 500_000
"""Letters of the text that travel on; a longer one goes along as a file as well."""
TEXT_BYTES = 4 * 1024 * 1024
HTML_BYTES = 2 * 1024 * 1024
CLEAN_BYTES = 256 * 1024
"""HTML longer or deeper than this is never given to the sanitizer, whose time grows with the square of the depth."""
CLEAN_DEPTH = 200
QUOTED_LINES = 20_000
RTF_BYTES = 2 * 1024 * 1024
