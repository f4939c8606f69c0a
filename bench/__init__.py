"""Measurements, not tests: how fast this machine is, and how fast Tanggap is on it. ``make bench`` runs all."""
