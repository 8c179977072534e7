"""Where things are and who is here, from an environment and a folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crewdesk.errors import ConfigurationError
from crewdesk.settings import Settings, quiet_crewai

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {"LOGNAME": "ada"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a config/crews, a knowledge/ and nothing else."""
    desk = tmp_path / "desk"
    (desk / "config" / "crews").mkdir(parents=True)
    (desk / "knowledge").mkdir()
    return desk


def load(cwd: Path, **environ: str) -> Settings:
    return Settings.load({**ENVIRONMENT, **environ}, cwd)


def test_the_home_is_the_first_folder_upwards_with_crews(home: Path) -> None:
    deep = home / "knowledge" / "a"
    deep.mkdir()

    settings = load(deep)

    assert settings.home == home
    assert (settings.config, settings.knowledge) == (home / "config", home / "knowledge")


def test_without_crews_anywhere_the_home_is_here_and_the_defaults_are_used(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()  # somebody else's

    settings = load(tmp_path)

    assert settings.home == tmp_path
    assert (settings.config, settings.knowledge) == (ROOT / "config", ROOT / "knowledge")


def test_in_a_wheel_the_defaults_lie_in_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "crewdesk"
    (package / "_defaults" / "config" / "crews").mkdir(parents=True)

    settings = Settings.load(ENVIRONMENT, tmp_path, package=package)

    assert settings.config == package / "_defaults" / "config"


def test_a_named_home_goes_before_the_search(home: Path, tmp_path: Path) -> None:
    assert load(tmp_path, CREWDESK_HOME="desk").home == home
    assert Settings.load({"CREWDESK_HOME": "/nowhere"}, tmp_path, home=home).home == home


def test_a_home_that_is_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="CREWDESK_HOME, 'typo', is no folder"):
        load(tmp_path, CREWDESK_HOME="typo")


def test_the_database_lies_in_the_home_unless_said_otherwise(home: Path) -> None:
    assert load(home).database_url == f"sqlite:///{home}/.crewdesk/desk.db"
    assert load(home / "knowledge", CREWDESK_DATABASE_URL="sqlite:///x.db").database_url == f"sqlite:///{home}/x.db"
    for url in ("sqlite:////abs/x.db", "sqlite://", "sqlite:///:memory:", "postgresql://db/desk"):
        assert load(home, CREWDESK_DATABASE_URL=url).database_url == url


def test_an_address_that_is_none_is_an_error_and_not_repeated(home: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(home, CREWDESK_DATABASE_URL="postgresql://u:password@[broken")

    assert "password" not in caught.value.message


def test_the_person_is_who_they_say_or_who_they_are(home: Path) -> None:
    assert load(home).user == "ada"
    assert load(home, CREWDESK_USER="Ada L.").user == "Ada L."


def test_a_machine_that_does_not_say_who_is_here_leaves_the_name_empty(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getuid", lambda: 4_000_000_000)

    assert Settings.load({}, home).user == ""


def test_this_process_has_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setenv("CREWDESK_USER", "Ada")

    assert (Settings.from_environment().home, Settings.from_environment().user) == (home, "Ada")
    assert Settings.at(home).home == home


def test_visual_goes_before_editor(home: Path) -> None:
    assert load(home).editor is None
    assert load(home, EDITOR="nano").editor == "nano"
    assert load(home, EDITOR="nano", VISUAL="vim -f").editor == "vim -f"


def test_an_empty_profile_is_none(home: Path) -> None:
    assert load(home, CREWDESK_PROFILE="").profile is None
    assert load(home, CREWDESK_PROFILE="paid").profile == "paid"


def test_the_environment_goes_before_dotenv(home: Path) -> None:
    (home / ".env").write_text("CREWDESK_PROFILE=offline\nCREWDESK_USER='Ada L.'\nPLAIN=a$b\n")

    settings = load(home, CREWDESK_PROFILE="paid")

    assert (settings.profile, settings.user) == ("paid", "Ada L.")
    assert settings.variables == {"CREWDESK_USER": "Ada L.", "PLAIN": "a$b"}
    assert settings.key("PLAIN") == "a$b"


@pytest.mark.parametrize("line", ["MY_API_KEY sk-secret", "MY_API_KEY", "'MY_API_KEY=sk-secret"])
def test_a_line_of_dotenv_that_is_none_is_named_and_not_repeated(line: str, home: Path) -> None:
    (home / ".env").write_text(f"# keys\nA=1\n{line}\n")

    with pytest.raises(ConfigurationError) as caught:
        load(home)

    assert caught.value.message == ".env:3: this line is not NAME=value."


def test_a_dotenv_that_is_no_text_is_named(home: Path) -> None:
    (home / ".env").write_bytes(b"A=\xff\n")

    with pytest.raises(ConfigurationError, match=r"\.env:1: the file in .* cannot be read"):
        load(home)


def test_secrets_are_known_by_their_names_and_their_length(home: Path) -> None:
    (home / ".env").write_text("OPENAI_API_KEY=sk-from-dotenv\n")
    given = {"A_TOKEN": "12345678", "B_SECRET": "short", "smtp_password": "long enough", "PATH": "/usr/bin:/bin"}
    given["CHAT_WEBHOOK_URL"] = "https://chat.example/hooks/x"

    settings = load(home, **given)

    assert settings.secrets == {
        "OPENAI_API_KEY": "sk-from-dotenv",
        "A_TOKEN": "12345678",
        "CHAT_WEBHOOK_URL": "https://chat.example/hooks/x",
        "smtp_password": "long enough",
    }


def test_each_of_several_addresses_for_notices_is_a_secret(home: Path) -> None:
    both = "json://chat.example/one, mailto://ada:pw@mail.example"

    assert load(home, ADA_NOTIFY_URLS=both, BO_NOTIFY_URL="json://chat.example/two").secrets == {
        "ADA_NOTIFY_URLS": both,
        "ADA_NOTIFY_URLS#1": "json://chat.example/one",
        "ADA_NOTIFY_URLS#2": "mailto://ada:pw@mail.example",
        "BO_NOTIFY_URL": "json://chat.example/two",
    }


def test_the_password_of_the_database_is_a_secret(home: Path) -> None:
    settings = load(home, CREWDESK_DATABASE_URL="postgresql://u:hunter2hunter2@db/desk")

    assert settings.secrets == {"CREWDESK_DATABASE_URL": "hunter2hunter2"}


def test_no_secret_shows_when_settings_are_printed(home: Path) -> None:
    (home / ".env").write_text("OPENAI_API_KEY=sk-from-dotenv\n")
    given = {"A_TOKEN": "12345678", "CREWDESK_DATABASE_URL": "postgresql://u:hunter2hunter2@db/desk"}

    settings = load(home, **given)

    for secret in ("sk-from-dotenv", "12345678", "hunter2hunter2"):
        assert secret not in repr(settings) + str(settings)


def test_a_variable_that_is_empty_or_missing_is_no_key(home: Path) -> None:
    settings = load(home, EMPTY_API_KEY="")

    assert (settings.key("EMPTY_API_KEY"), settings.key("MISSING")) == (None, None)


def test_reading_settings_changes_no_environment(home: Path) -> None:
    (home / ".env").write_text("FROM_DOTENV=1\n")
    environ = dict(ENVIRONMENT)

    Settings.load(environ, home)

    assert environ == ENVIRONMENT


def test_export_adds_dotenv_and_quiets_crewai_but_overrides_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"CREWAI_TRACING_ENABLED": "true", "HAVE": "mine"}
    monkeypatch.setattr("os.environ", environ)
    settings = Settings(home, home, home, "", variables={"HAVE": "theirs", "NEW": "1"})

    settings.export()

    assert (environ["HAVE"], environ["NEW"]) == ("mine", "1")
    assert (environ["CREWAI_TRACING_ENABLED"], environ["CREWAI_DISABLE_TELEMETRY"]) == ("true", "true")


def test_crewai_is_quiet_and_keeps_its_files_in_the_home(home: Path) -> None:
    environ: dict[str, str] = {}

    quiet_crewai(home, environ=environ)

    assert environ == {
        "CREWAI_DISABLE_TELEMETRY": "true",
        "CREWAI_TRACING_ENABLED": "false",
        "CREWAI_DISABLE_VERSION_CHECK": "true",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MODE": "PRODUCTION",
        "CREWAI_STORAGE_DIR": str(home / ".crewdesk" / "crewai"),
    }


def test_another_database_is_spelled_as_in_the_environment_and_its_password_is_a_secret(home: Path) -> None:
    settings = load(home)

    assert settings.on("sqlite:///new/desk.db").database_url == f"sqlite:///{home / 'new' / 'desk.db'}"
    assert "a-long-password" in settings.on("postgresql://ed:a-long-password@host/desk").secrets.values()
    assert settings.on("sqlite:///new/desk.db").home == settings.home


def test_every_variable_that_is_read_or_set_is_explained_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    environ: dict[str, str] = {}
    quiet_crewai(ROOT, environ=environ)

    own = ["HOME", "DATABASE_URL", "LEASE", "PROFILE", "USER"]
    for name in (*environ, *(f"CREWDESK_{word}" for word in own), "VISUAL", "EDITOR"):
        assert f"# {name}=" in example, name


def test_the_example_can_be_used_as_it_is(home: Path) -> None:
    (home / ".env").write_text((ROOT / ".env.example").read_text())

    assert load(home).variables == {}


def test_settings_import_nothing_heavy() -> None:
    heavy = "pydantic, dotenv, yaml, ruamel, crewai, litellm, sqlalchemy"
    code = f"import sys, crewdesk.settings; print([m for m in '{heavy}'.split(', ') if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
