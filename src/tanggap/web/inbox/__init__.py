"""Pages on what arrives: the accounts it arrives by, and what waits for an officer."""
