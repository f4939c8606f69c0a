"""Rows that paces and machines leave: token buckets that slow guessing down, and the worker's sign of life."""

from __future__ import annotations

from django.db import models


class Bucket(models.Model):
    """A token bucket. ``key`` is a keyed digest: no address or number can be read from it."""

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key[:8]


class WorkerBeat(models.Model):
    """When a worker last looked round. ``apart``: seconds its clock was ahead of the database's then.

    ``leapt_by``, ``leapt_at``: the last sudden change of the clock it goes by, in seconds.
    """

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()
    done = models.PositiveBigIntegerField(default=0)
    apart = models.BigIntegerField(default=0)
    leapt_by = models.BigIntegerField(default=0)
    leapt_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
