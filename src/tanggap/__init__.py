"""Tanggap: complaint handling where the official SOP table is the program."""

__version__ = "0.1.0"
