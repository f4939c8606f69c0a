"""The ground the tests stand on is the one they asked for, and is clean again after each."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from tanggap.records.fences import missing


@pytest.mark.django_db
def test_the_tests_run_on_the_database_they_asked_for() -> None:
    asked = os.environ.get("TANGGAP_TEST_DB", "sqlite")
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[asked]
    assert "test" in str(connection.settings_dict["NAME"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_really_committed_is_gone_in_the_next_and_the_fences_stand(turn: int) -> None:
    users = get_user_model().objects
    assert users.count() == 0
    assert not missing(connection)
    users.create(username=f"turn-{turn}")


def test_the_data_folder_is_the_tests_own() -> None:
    assert "tanggap-tests-" in str(settings.TANGGAP_DATA)
    assert "tanggap-tests-" in str(settings.TANGGAP_KEYS)
