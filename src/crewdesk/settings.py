"""Settings: the one module that reads the environment, and what it found there.

Plain dataclass on purpose: every command reads settings, and pydantic-settings alone costs more
than the light commands take.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from crewdesk.domain.addresses import addresses_in
from crewdesk.errors import ConfigurationError

SECRET_ENDINGS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_WEBHOOK_URL", "_NOTIFY_URL", "_NOTIFY_URLS")
PUBLIC_URL = "CREWDESK_PUBLIC_URL"
SHORTEST_SECRET = 8
"""Redacting shorter values would blacken ordinary words."""

PACKAGE = Path(__file__).parent
SQLITE = "sqlite:///"
LOGIN_NAMES = ("LOGNAME", "USER", "USERNAME")


@dataclass(frozen=True)
class Settings:
    """Where things are and who is here; `repr` shows no secret."""

    home: Path
    """Folder of the user's own desk: the first one upwards that holds config/crews, or CREWDESK_HOME."""
    config: Path
    """The home's config/, or the defaults that travel with the package."""
    knowledge: Path
    """The home's knowledge/, or the defaults that travel with the package."""
    database_url: str = field(repr=False)
    """SQLAlchemy's address of the store; may hold a password."""
    profile: str | None = None
    """Profile of models.yaml to use when none is named; None leaves it to models.yaml."""
    editor: str | None = None
    """Command that opens a text, from VISUAL or EDITOR."""
    lease: float = 15.0
    """Seconds after which a process that is not heard of loses its runs to others; CREWDESK_LEASE."""
    user: str = ""
    """Who decides at the gates when nobody is named; empty where the machine does not say."""
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Values that must never be written down, by the variable they come from."""
    variables: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """What .env adds to the environment."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """The environment with those added."""

    @classmethod
    def load(
        cls, environ: Mapping[str, str], cwd: Path, *, home: Path | None = None, package: Path = PACKAGE
    ) -> Settings:
        """Work the settings out of an environment and a folder; nothing is changed.

        `home` goes before CREWDESK_HOME, and that before the search upwards from `cwd`. Variables of the
        environment win over the home's .env. Raises `ConfigurationError` where the home is no folder or
        .env cannot be read.
        """
        home = _home(environ, cwd) if home is None else _folder(cwd / home, f"The home {str(home)!r}")
        variables = {name: value for name, value in _read_dotenv(home / ".env").items() if name not in environ}
        both = {**variables, **environ}
        url = _database_url(both.get("CREWDESK_DATABASE_URL", ""), home)
        defaults = _defaults(package)
        own = home / "config"
        knowledge = home / "knowledge"
        return cls(
            home=home,
            config=own if (own / "crews").is_dir() else defaults / "config",
            knowledge=knowledge if knowledge.is_dir() else defaults / "knowledge",
            database_url=url,
            profile=both.get("CREWDESK_PROFILE") or None,
            editor=both.get("VISUAL") or both.get("EDITOR") or None,
            lease=_seconds(both, "CREWDESK_LEASE", 15.0),
            user=both.get("CREWDESK_USER") or _login(environ),
            secrets=_secrets(both, url),
            variables=variables,
            environment=both,
        )

    @classmethod
    def from_environment(cls) -> Settings:
        """Return the settings of this process: its environment and the folder it runs in."""
        return cls.load(os.environ, Path.cwd())  # noqa: TID251 # the one place

    @classmethod
    def at(cls, home: Path) -> Settings:
        """Return the settings of this process for a home that the caller names."""
        return cls.load(os.environ, Path.cwd(), home=home)  # noqa: TID251 # the one place

    @property
    def defaults(self) -> Path:
        """The folder with the config/ and knowledge/ that travel with the package."""
        return _defaults(Path(__file__).parent)

    def on(self, database_url: str) -> Settings:
        """Return these settings with another database, spelled as CREWDESK_DATABASE_URL is."""
        url = _database_url(database_url, self.home)
        return replace(self, database_url=url, secrets=_secrets(self.environment, url))

    def key(self, variable: str) -> str | None:
        """Return the value of a variable, such as a model's key; None where it is not set or empty."""
        return self.environment.get(variable) or None

    @property
    def public(self) -> str | None:
        """The address at which the outside knows the desk; None where nobody said."""
        return self.key(PUBLIC_URL)

    def export(self) -> None:
        """Put the variables of .env into this process, for litellm, and keep CrewAI quiet; call before importing it."""
        environ = os.environ  # noqa: TID251 # the one place
        for name, value in self.variables.items():
            environ.setdefault(name, value)
        quiet_crewai(self.home, environ=environ)


def quiet_crewai(home: Path, *, environ: MutableMapping[str, str]) -> None:
    """Turn off what CrewAI and litellm send or ask on their own, and keep their files under the home.

    Works only before crewai is imported. A variable that is set already stays. OTEL_SDK_DISABLED is
    left alone: it would silence our own traces too.
    """
    quiet = {
        "CREWAI_DISABLE_TELEMETRY": "true",
        "CREWAI_TRACING_ENABLED": "false",  # else the first kickoff at a terminal asks and waits 20 seconds
        "CREWAI_DISABLE_VERSION_CHECK": "true",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else litellm downloads its price list
        "LITELLM_MODE": "PRODUCTION",  # else importing litellm loads the first .env upwards
        "CREWAI_STORAGE_DIR": str(home.resolve() / ".crewdesk" / "crewai"),  # else shared by folders of one name
    }
    for name, value in quiet.items():
        environ.setdefault(name, value)


def _home(environ: Mapping[str, str], cwd: Path) -> Path:
    if named := environ.get("CREWDESK_HOME", ""):
        return _folder(cwd / named, f"CREWDESK_HOME, {named!r},")
    start = cwd.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / "config" / "crews").is_dir()), start)


def _folder(path: Path, words: str) -> Path:
    if not path.is_dir():
        raise ConfigurationError(f"{words} is no folder.", hint="Make it with: crewdesk init DIR")
    return path.resolve()


def _defaults(package: Path) -> Path:
    """Find the defaults: inside a wheel they lie in the package, in a checkout two levels above it."""
    packed = package / "_defaults"
    return packed if packed.is_dir() else package.parent.parent


def _database_url(given: str, home: Path) -> str:
    if not given:
        return f"{SQLITE}{home / '.crewdesk' / 'desk.db'}"
    place = given.removeprefix(SQLITE)
    if place == given or not place or place.startswith((":memory:", "file:")):
        return given
    # A relative path means the home, so that every folder one starts from sees the same desk.
    return f"{SQLITE}{home / place}"


def _seconds(environ: Mapping[str, str], name: str, default: float) -> float:
    given = environ.get(name, "")
    try:
        value = float(given or default)
    except ValueError:
        value = 0.0
    if value <= 0:
        raise ConfigurationError(f"{name} is {given!r}; it must be a number of seconds above 0.")
    return value


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv.parser import parse_stream

    try:
        with path.open(encoding="utf-8-sig") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as error:
        hint = "Save it as plain UTF-8 text that you may read."
        raise ConfigurationError(f".env:1: the file in {path.parent} cannot be read.", hint=hint) from error
    for binding in bindings:
        # A line without a value is as broken as one that cannot be read; neither may vanish. Its text may be a key.
        if binding.error or (binding.key is not None and binding.value is None):
            line = binding.original.line
            raise ConfigurationError(f".env:{line}: this line is not NAME=value.", hint="Quote values with spaces.")
    return {binding.key: binding.value for binding in bindings if binding.key and binding.value is not None}


def _login(environ: Mapping[str, str]) -> str:
    if named := next((environ[name] for name in LOGIN_NAMES if environ.get(name)), ""):
        return named
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # Windows; a container whose user has no name
        return ""


def _secrets(environ: Mapping[str, str], url: str) -> dict[str, str]:
    from urllib.parse import urlsplit

    found = {name: value for name, value in environ.items() if name.upper().endswith(SECRET_ENDINGS)}
    try:
        password = urlsplit(url).password
    except ValueError as error:
        hint = "It looks like postgresql+psycopg://name:password@host/database, or leave it out."
        raise ConfigurationError("CREWDESK_DATABASE_URL is no address.", hint=hint) from error
    if password:
        found["CREWDESK_DATABASE_URL"] = password
    several = {name: addresses_in(value) for name, value in found.items()}  # and each of them is a secret
    found |= {f"{name}#{n}": one for name, them in several.items() if len(them) > 1 for n, one in enumerate(them, 1)}
    return {name: value for name, value in found.items() if len(value) >= SHORTEST_SECRET}
