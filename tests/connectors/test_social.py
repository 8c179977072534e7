"""Share drafts as files, beyond what every connector holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crewdesk.connectors.files import Disk
from crewdesk.connectors.social import SocialConnector
from crewdesk.domain.actions import Delivery
from crewdesk.domain.canonical import Json, digest


def social(folder: Path) -> SocialConnector:
    return SocialConnector("social", folder=folder, clock=lambda: datetime(2025, 11, 22, tzinfo=UTC), disk=Disk())


def drafts(*networks: str, key: str = "key") -> Delivery:
    entries: list[Json] = [{"network": network, "text": f"For {network}"} for network in networks]
    body: dict[str, Json] = {"drafts": entries}
    return Delivery(key, "SocialDrafts", digest(body), body)


def test_each_network_gets_a_file_whose_name_is_safe_and_its_own(tmp_path: Path) -> None:
    social(tmp_path).deliver(drafts("LinkedIn", "X / Twitter", "../../etc", "x", "X", "小红书", "***"))

    assert {path.name for path in (tmp_path / "key").iterdir()} == {
        *("linkedin.txt", "x-twitter.txt", "etc.txt", "x.txt", "x-2.txt", "小红书.txt", "network.txt"),
        "drafts.json",
    }


def test_networks_whose_numbered_names_meet_each_keep_their_text(tmp_path: Path) -> None:
    social(tmp_path).deliver(drafts("x", "x 2", "x", "X"))

    texts = sorted(path.read_text() for path in (tmp_path / "key").glob("*.txt"))
    assert texts == ["For X\n", "For x\n", "For x\n", "For x 2\n"]


def test_a_draft_ships_word_for_word_with_one_line_end(tmp_path: Path) -> None:
    body: dict[str, Json] = {"drafts": [{"network": "Mastodon", "text": "Line one\n\n\tالخط 🚀 <b>"}]}

    social(tmp_path).deliver(Delivery("key", "SocialDrafts", digest(body), body))

    assert (tmp_path / "key" / "mastodon.txt").read_text(encoding="utf-8") == "Line one\n\n\tالخط 🚀 <b>\n"


@pytest.mark.parametrize("key", ["../up", "..", ".", "/etc/x", "a/b", "a\\b", "k" * 400, ".hidden", "ключ", "a\x00b"])
def test_any_key_becomes_one_folder_inside_ours(tmp_path: Path, key: str) -> None:
    connector = social(tmp_path / "drafts")

    connector.deliver(delivery := drafts("x", key=key))

    assert len(list((tmp_path / "drafts").glob("*/drafts.json"))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["drafts"]
    found = connector.find(delivery)
    assert found is not None
    assert found.details["key"] == key


def test_keys_that_look_alike_get_folders_of_their_own(tmp_path: Path) -> None:
    keys = ["a:b", "a.b", "a%2Eb", "a-b", "a b", "::", ".."]
    for key in keys:
        social(tmp_path).deliver(drafts("x", key=key))

    assert len(list(tmp_path.glob("*/drafts.json"))) == len(keys)


def test_a_draft_that_a_person_took_away_stays_away(tmp_path: Path) -> None:
    connector = social(tmp_path)
    connector.deliver(drafts("x", "y"))
    (tmp_path / "key" / "x.txt").unlink()

    connector.deliver(drafts("x", "y"))

    assert not (tmp_path / "key" / "x.txt").exists()
