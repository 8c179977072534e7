"""Keys and passwords in code are found, and shown nowhere."""

from __future__ import annotations

import pytest

from crewdesk.code.secrets import masked, secrets_in

GITHUB = "ghp_" + "a1B2" * 9
BODY = ["MIIEpAIBAAKCAQEAx7Yz9Qw3FvN2pLkT8sHdJ0bRcVmWqEuXoGiAnZfKhPyS1Ct" + str(number) for number in range(10, 14)]
BLOCK = "\n".join(["-----BEGIN RSA PRIVATE KEY-----", *BODY, "-----END RSA PRIVATE KEY-----"])
FOUND = [
    (f'token = "{GITHUB}"', GITHUB),
    ('AWS = "AKIA' + 'QWERTYUIOPASDFGH"', "AKIA" + "QWERTYUIOPASDFGH"),
    ('url = "postgres://ada:s3cr3tPw9@db.example.org/x"', "s3cr3tPw9"),
    ('password = "hunter2!Zx"', "hunter2!Zx"),
    ('auth_token = "9f8a7b6c5d4e3f2a1b0c"', "9f8a7b6c5d4e3f2a1b0c"),
    ('KEY = "sk-ant-' + "api03-Ab1" * 4 + '"', "sk-ant-" + "api03-Ab1" * 4),
    (f"{BLOCK}\n", BLOCK),
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_a_secret_is_found_on_its_line_and_masked(text: str, value: str) -> None:
    (found,) = secrets_in(f"import os\n{text}\n", "src/app.py")

    assert (found.line, found.last) == (2, 2 + value.count("\n"))
    assert found.value == value
    assert value not in repr(found)
    assert not any(line in masked(text) for line in value.splitlines() if "PRIVATE KEY" not in line)


@pytest.mark.parametrize(
    "line",
    [
        'password = "password"',
        'api_key = os.environ["API_KEY"]',
        'api_key = "your-api-key-here"',
        'AWS = "AKIAIOSFODNN7EXAMPLE"',
        'url = "postgres://user:password@localhost/x"',
        'secret_name = "billing/database"',
        'token_url = "https://id.example.org/oauth2/token"',
        'secret = "{{ vault.secret }}"',
        'key_format = "%s-%d-key"',
        'commit = "2e2d486d55ff2e2d486d55ff2e2d486d55ff2e2d"',
    ],
)
def test_what_only_looks_like_a_secret_is_left_alone(line: str) -> None:
    assert secrets_in(line, "src/app.py") == []
    assert masked(line) == line


def test_passwords_made_up_for_tests_are_left_alone_and_real_keys_there_are_not() -> None:
    assert secrets_in('password = "hunter2!Zx"', "tests/test_login.py") == []
    assert [one.kind for one in secrets_in(f'x = "{GITHUB}"', "tests/test_login.py")] == ["GitHub Token"]


def test_a_lock_file_holds_hashes() -> None:
    assert secrets_in(f'{{"x": "{GITHUB}"}}', "web/package-lock.json") == []


def test_a_piece_of_a_key_is_masked_where_its_beginning_is_out_of_sight() -> None:
    shown = masked("\n".join(f"+{line}" for line in BODY[1:3]))

    assert shown == "+***\n+***"


def test_what_is_known_from_elsewhere_is_masked_everywhere() -> None:
    known = secrets_in('password = "hunter2!Zx"', "src/app.py")

    assert masked("log in with hunter2!Zx", known) == "log in with ***"


def test_a_key_in_a_line_without_end_is_found() -> None:
    line = "x" * 995 + f'" + "{GITHUB}" + "' + "y" * 9_000

    (found,) = secrets_in(f"one\n{line}\ntwo\n", "web/app.min.js")

    assert (found.line, found.value) == (2, GITHUB)
    assert GITHUB not in masked(line)


@pytest.mark.parametrize(
    "text",
    ["\n" * 200_000, "".join(f"{number:>6} +\n" for number in range(30_000)), "1" * 200_000, "sk-" * 30_000],
    ids=["empty lines", "numbered lines", "digits", "keys that begin"],
)
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    """Patterns that go back over what they read would take minutes for each of these."""
    assert masked(text) == text
