"""Who we are on GitHub: an app, somebody by a token, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crewdesk.connectors.forge.github_api import GithubApi
from crewdesk.connectors.settings import GithubSettings
from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import DeliveryFailed

BACK = timedelta(seconds=60)
"""GitHub refuses what was signed in its future, so we sign a little earlier, for clocks that go fast."""
LIFE = timedelta(minutes=9)


@dataclass(frozen=True)
class Login:
    """Somebody for one repository. A `token` that is empty is nobody; only public things are seen then."""

    token: str = ""
    name: str = ""
    """Its login: what it wrote stands under this name, and nobody else can take it."""
    app: bool = False

    def wrote(self, author: str) -> bool:
        """Say whether something by this author is ours."""
        return bool(self.name) and author.casefold() == self.name.casefold()


class Logins:
    """Finds out who we are in a repository, once; raises `DeliveryFailed`."""

    def __init__(
        self,
        settings: GithubSettings,
        api: GithubApi,
        *,
        key: Callable[[str], str | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._api = api
        self._key = key
        self._clock = clock
        self._apps: dict[str, tuple[Login, datetime]] = {}
        self._person: Login | None = None

    def of(self, repository: str) -> Login:
        """Return who we are in a repository, given as owner/name."""
        if self._settings.app_id_env:
            return self._as_app(repository)
        token = self._key(self._settings.token_env)
        if token is None:
            return Login()
        if self._person is None or self._person.token != token:
            self._person = Login(token, _text(self._api.get("/user", token), "login"))
        return self._person

    def _as_app(self, repository: str) -> Login:
        known = self._apps.get(repository)
        now = self._clock()
        if known is not None and now < known[1]:
            return known[0]
        signed = self._signed(now)
        name = f"{_text(self._api.get('/app', signed), 'slug')}[bot]"
        where = self._api.get(f"/repos/{repository}/installation", signed).get("id")
        body: JsonObject = {"repositories": [repository.partition("/")[2]]}
        token = _text(self._api.write("POST", f"/app/installations/{where}/access_tokens", signed, body), "token")
        login = Login(token, name, app=True)
        self._apps[repository] = (login, now + timedelta(minutes=50))  # it lives for an hour
        return login

    def _signed(self, now: datetime) -> str:
        """Sign that we are the app, for some minutes."""
        import jwt

        app, private = self._held(self._settings.app_id_env), self._held(self._settings.private_key_env)
        claims = {"iat": int((now - BACK).timestamp()), "exp": int((now + LIFE).timestamp()), "iss": app}
        try:
            return jwt.encode(claims, private.replace("\\n", "\n"), algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            raise DeliveryFailed(
                f"{self._settings.private_key_env} holds no private key in PEM.",
                hint="Make one on the app's page on GitHub and put the whole file into the variable.",
            ) from None

    def _held(self, variable: str) -> str:
        value = self._key(variable) if variable else None
        if value is None:
            raise DeliveryFailed(
                f"The variable {variable or 'private_key_env'} is not set, so GitHub cannot know our app.",
                hint="Set it, or name it in config/connectors.yaml.",
            )
        return value


def _text(answer: JsonObject, field: str) -> str:
    value = answer.get(field)
    if not isinstance(value, str) or not value:
        raise DeliveryFailed(f"GitHub's answer has no {field!r}.", hint="Look at `api` in connectors.yaml.")
    return value
