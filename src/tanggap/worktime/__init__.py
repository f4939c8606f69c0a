"""Working hours and durations: what "15 menit" or "3 hari" means in an office's calendar. Pure."""
