"""The gateway of the demo: its settings, its files, its start."""

from pathlib import Path

import pytest

from gateway.demo.gateway import environment, wait_until_ready, write_private
from gateway.demo.parts import StartError, start
from tests.support.processes import free_port

pytestmark = pytest.mark.servers


def test_settings_of_other_gateways_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has a gateway of their own in the environment does not show it in the demo."""
    monkeypatch.setenv("GATEWAY_ERP_URL", "https://erp.example.org")
    monkeypatch.setenv("GATEWAY_ERP_DATABASE", "real")
    monkeypatch.setenv("LANGUAGE", "fr")

    found = environment(tmp_path, port=8000, systems={"erp": "http://127.0.0.1:1", "documents": "http://127.0.0.1:2"})

    assert (found["GATEWAY_ERP_URL"], found["GATEWAY_DOCUMENTS_URL"]) == ("http://127.0.0.1:1", "http://127.0.0.1:2")
    assert "GATEWAY_ERP_DATABASE" not in found
    assert found["LANGUAGE"] == "fr"


def test_letters_go_to_the_simulated_relay_and_links_lead_to_its_page(tmp_path: Path) -> None:
    """From the landlord of the demo."""
    found = environment(tmp_path, port=8000, systems={"mail": "http://127.0.0.1:3", "smtp": "127.0.0.1:25"})

    assert {name: text for name, text in found.items() if name.startswith(("GATEWAY_SMTP", "GATEWAY_MAIL"))} == {
        "GATEWAY_SMTP_HOST": "127.0.0.1",
        "GATEWAY_SMTP_PORT": "25",
        "GATEWAY_SMTP_SECURITY": "none",
        "GATEWAY_MAIL_FROM": "ne-pas-repondre@habitat-mosellan.example.org",
    }
    assert found["GATEWAY_ACCOUNT_URL"] == "http://127.0.0.1:3/choose-password"
    assert found["GATEWAY_LANDLORD_NAME"] == "Habitat Mosellan"


def test_the_key_is_kept(tmp_path: Path) -> None:
    """Ids and links of one start are good after the next; nobody else can read the file."""
    first, second = (environment(tmp_path, port=8000)["GATEWAY_SECRET_KEY"] for _ in range(2))

    assert first == second
    assert len(bytes.fromhex(first)) == 32
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_a_private_file_is_replaced_at_once(tmp_path: Path) -> None:
    """Whoever reads it meanwhile sees the old one or the new one, never half of one."""
    file = tmp_path / "accounts.json"
    write_private(file, "old")
    before = file.open()

    write_private(file, "new")

    with before:
        assert (before.read(), file.read_text()) == ("old", "new")
    assert [one.name for one in tmp_path.iterdir()] == ["accounts.json"]


def test_a_gateway_that_does_not_start_is_told(tmp_path: Path) -> None:
    """Its log says why."""
    log = tmp_path / "gateway.log"
    part = start("gateway", ["tests.demo.part", "fails", "no"], log=log)

    with pytest.raises(StartError) as refused:
        wait_until_ready(part, port=free_port())

    part.stop()
    assert str(refused.value) == f"the gateway did not start; see {log}"
