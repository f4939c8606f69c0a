"""The commands by which a new campus settles in: institution, SOP, accounts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tanggap.cli.main import main
from tanggap.records.models import Holder, Institution, Membership, SopVersion

pytestmark = pytest.mark.django_db


def password(monkeypatch: pytest.MonkeyPatch, words: str = "kata-sandi-yang-panjang") -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(words + "\n"))


ACCOUNT = ["account", "add", "rani", "--email", "rani@kampus.example", "--name", "Rani", "--institution", "ub-fmipa"]


def test_an_empty_installation_takes_an_institution_its_sop_and_an_account_by_commands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["institution", "add", "ub-fmipa"]) == 0
    assert main(["sop", "import", "ub-fmipa-mipa-care", "--institution", "ub-fmipa"]) == 0
    assert SopVersion.objects.get().approved_at is None
    assert main(["sop", "import", "ub-fmipa-mipa-care", "--institution", "ub-fmipa", "--approve"]) == 0
    assert SopVersion.objects.get().approved_at is not None
    password(monkeypatch)
    assert main([*ACCOUNT, "--post", "operator-mipa-care", "--desk"]) == 0
    assert Membership.objects.get().desk
    assert not Membership.objects.get().coordinator
    assert Holder.objects.get().post.key == "operator-mipa-care"


def test_what_cannot_be_taken_in_is_said_in_a_sentence_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "rusak.toml"
    broken.write_text("key = ", "utf-8")
    assert main(["institution", "add", "hantu"]) == 2
    assert main(["institution", "add", str(broken)]) == 2
    assert not Institution.objects.exists()
    main(["institution", "add", "ub-fmipa"])
    assert main(["sop", "import", str(broken), "--institution", "ub-fmipa"]) == 2
    assert not SopVersion.objects.exists()
    password(monkeypatch)
    assert main([*ACCOUNT, "--post", "hantu"]) == 2
    password(monkeypatch, "pendek")
    assert main(ACCOUNT) == 2
    assert not Membership.objects.exists()
    told = capsys.readouterr().err
    assert "hantu" in told
    assert "rusak.toml" in told
    assert "Traceback" not in told
