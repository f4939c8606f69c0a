"""Pages of the complainant: file, receipt, track, reply, decide. For a phone, once a year, without an account."""
