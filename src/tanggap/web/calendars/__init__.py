"""Pages of the working calendar, for those who arrange an institution."""
