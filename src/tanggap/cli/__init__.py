"""The command line: `tanggap` and its commands."""
