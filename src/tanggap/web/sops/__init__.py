"""Pages of the SOP reader: each procedure in official form and as a readable path."""
