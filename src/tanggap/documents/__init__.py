"""Official papers and pictures: values in, bytes out. No database, no clock."""
