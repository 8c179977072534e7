"""What connectors.yaml says about one connector, parsed once, with a sentence for every mistake."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from crewdesk.connectors.languages import LANGUAGE_TAG
from crewdesk.domain.specs import ConnectorSpec
from crewdesk.errors import ConfigurationError

WHERE = "config/connectors.yaml"


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        message = f"{value!r} is no address; write it as https://blog.example.com"
        raise ValueError(message)
    return value.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]
"""Where something is, without a slash at its end."""


def _language(value: str) -> str:
    if not LANGUAGE_TAG.fullmatch(value):
        message = f"{value!r} is no language tag; write it as en, de or pt-BR"
        raise ValueError(message)
    return value


class Settings(BaseModel):
    """Settings of one connector; an unknown one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FolderSettings(Settings):
    """Settings of a connector that writes files."""

    folder: str = Field(min_length=1, description="Folder it writes to, under the project's.")

    def folder_under(self, root: Path) -> Path:
        """Say where the folder is, as an absolute path."""
        return (root / self.folder).resolve()


class SiteSettings(FolderSettings):
    """What the site needs to know."""

    base_url: Address = Field(description="Where readers will find the site.")
    title: str = Field(min_length=1, description="Name of the site.")
    tagline: str = Field(default="", description="One sentence under the name.")
    language: Annotated[str, AfterValidator(_language)] = Field(default="en", description="Language of the site.")


class SocialSettings(FolderSettings):
    """What the share drafts need to know."""


class GithubSettings(BaseModel):
    """What there is to know of GitHub, or of a GitHub Enterprise of your own.

    Who posts is an app, where its two variables are named, or else whoever the token belongs to. Without either, public
    pull requests are read, and none is commented on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    token_env: str = Field(default="GITHUB_TOKEN", description="Variable with a token.")
    app_id_env: str = Field(default="", description="Variable with the number of a GitHub App.")
    private_key_env: str = Field(default="", description="Variable with the app's private key, in PEM.")
    web: Address = Field(default="https://github.com", description="Where people see pull requests.")
    api: Address = Field(default="https://api.github.com", description="Where programs ask.")
    git: str = Field(default="", description="Where git fetches from, an address or a folder; web if empty.")
    mark: Literal["status", "check", "none"] = Field(
        default="status", description="How the commit is marked: a status, a check (apps only), or not at all."
    )


class ReviewBoardSettings(BaseModel):
    """What there is to know of a Review Board of your own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Address = Field(description="Where it is, such as https://reviews.example.com")
    token_env: str = Field(default="REVIEWBOARD_TOKEN", description="Variable with an API token; it says who posts.")
    repositories: dict[str, str] = Field(
        default_factory=dict[str, str],
        description="Where git fetches its repositories from, an address or a folder by their names; left out, where "
        "Review Board says they are.",
    )


class ForgeSettings(FolderSettings):
    """What the ways to forges need to know; `folder` is where reviews of local changes are written."""

    git_note: bool = Field(
        default=False,
        description="Leave the review of a local change also in its repository: git notes --ref=crewdesk.",
    )
    reviewboard: ReviewBoardSettings | None = Field(default=None, description="Review requests on a Review Board.")
    github: GithubSettings | None = Field(default=None, description="Pull requests on GitHub.")


SettingsT = TypeVar("SettingsT", bound=Settings)


def parse_settings(name: str, spec: ConnectorSpec, model: type[SettingsT]) -> SettingsT:
    """Parse the settings of the connector called `name`; raises `ConfigurationError` naming every mistake."""
    try:
        return model.model_validate(dict(spec.settings))
    except ValidationError as wrong:
        mistakes = "; ".join(
            _sentence(detail["type"], detail["loc"], detail["msg"], model) for detail in wrong.errors()
        )
        raise ConfigurationError(
            f"{WHERE}: connector {name!r}: {mistakes}.",
            hint=f"A connector of kind {spec.kind!r} knows these settings: {', '.join(model.model_fields)}.",
        ) from wrong


def _sentence(kind: str, place: tuple[int | str, ...], message: str, model: type[Settings]) -> str:
    setting = ".".join(str(part) for part in place)
    if kind == "missing":
        return f"the setting {setting!r} is missing"
    if kind == "extra_forbidden":
        return f"unknown setting {setting!r}{did_you_mean(setting, list(model.model_fields))}"
    return f"setting {setting!r}: {message.removeprefix('Value error, ')}"


def did_you_mean(word: str, known: list[str]) -> str:
    """Say `; did you mean 'x'?` where one of the known words is close, else nothing."""
    close = get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
