"""Pages of the complainant: file, receipt, track, reply, decide. Written for a phone, once a year, without an account."""
