"""What an SOP says: the official document as frozen values, read, written, checked and followed. Pure."""
