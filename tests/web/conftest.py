"""A desk with a post at its gate, and a browser that is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from crewdesk.web.site import Site
from support.gates import Clock
from support.web import Browser, browsing, post_at_gate, site_of, web_desk


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="web")
def _web(tmp_path: Path, clock: Clock) -> Desk:
    return web_desk(tmp_path, clock)


@pytest.fixture(name="site")
def _site(web: Desk) -> Site:
    return site_of(web)


@pytest.fixture(name="waiting")
def _waiting(web: Desk) -> Gate:
    return post_at_gate(web)


@pytest.fixture(name="browser")
def _browser(site: Site) -> Iterator[Browser]:
    with browsing(site) as browser:
        yield browser
