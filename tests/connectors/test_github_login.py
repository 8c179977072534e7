"""Who we are on GitHub: somebody by a token, an app by its key, or nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from crewdesk.errors import DeliveryFailed
from support.github import GitHub
from support.reviews import calculator, delivery, finding, forge, review

APP: dict[str, Any] = {"app_id_env": "APP_ID", "private_key_env": "APP_KEY", "mark": "check"}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


@pytest.fixture(name="github")
def _github(tmp_path: Path) -> GitHub:
    github = GitHub(tmp_path / "github")
    github.open(calculator(tmp_path / "calc"))
    github.app = ("4711", KEY.public_key())
    return github


@pytest.mark.parametrize("pem", [PEM, PEM.replace("\n", "\\n")])
def test_an_app_posts_under_its_own_name_and_marks_the_commit_with_a_check(
    github: GitHub, tmp_path: Path, pem: str
) -> None:
    connector = forge(github, tmp_path, keys={"APP_ID": "4711", "APP_KEY": pem}, **APP)
    head = github.clones["ada/calc"].pulls[7].head
    sent = delivery(review(github.address(), head, finding(severity="minor")))

    connector.deliver(sent)

    assert github.comments[0]["user"]["login"] == "crewdesk[bot]"
    (check,) = github.checks
    assert (check["conclusion"], check["output"]["title"]) == ("neutral", "1 finding")
    assert [one.fingerprint for one in connector.posted(github.address())] == ["f1"]
    assert sum(path.endswith("/access_tokens") for _, path in github.asked) == 1


def test_a_check_is_made_once_for_a_delivery(github: GitHub, tmp_path: Path) -> None:
    connector = forge(github, tmp_path, keys={"APP_ID": "4711", "APP_KEY": PEM}, **APP)
    sent = delivery(review(github.address(), github.clones["ada/calc"].pulls[7].head, finding()))
    connector.deliver(sent)
    github.issue_comments.clear()

    connector.deliver(sent)

    assert [one["conclusion"] for one in github.checks] == ["failure"]
    assert len(github.reviews) == 1


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"APP_ID": "4711"}, "APP_KEY is not set"),
        ({"APP_KEY": PEM}, "APP_ID is not set"),
        ({"APP_ID": "4711", "APP_KEY": "no key"}, "APP_KEY holds no private key in PEM"),
        ({"APP_ID": "1", "APP_KEY": PEM}, "does not take our token"),
    ],
)
def test_an_app_that_github_cannot_know_is_told_what_is_missing(
    github: GitHub, tmp_path: Path, keys: dict[str, str], sentence: str
) -> None:
    connector = forge(github, tmp_path, keys=keys, **APP)

    with pytest.raises(DeliveryFailed, match=sentence) as failed:
        connector.deliver(delivery(review(github.address(), "0" * 40)))

    assert "BEGIN" not in f"{failed.value.message}{failed.value.hint}"


def test_nobody_posts_nothing_and_is_told_how_to_be_somebody(github: GitHub, tmp_path: Path) -> None:
    with pytest.raises(DeliveryFailed, match="Nobody is known to GitHub here") as failed:
        forge(github, tmp_path, keys={}).deliver(delivery(review(github.address(), "0" * 40)))

    assert "GITHUB_TOKEN" in failed.value.hint
    assert github.asked == []
