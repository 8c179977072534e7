"""A desk that is really served on loopback, in a thread of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from crewdesk.domain.trigger_specs import TriggersSpec
from crewdesk.triggers.webhooks import Webhooks
from crewdesk.web.app import make_app
from crewdesk.web.server import listen
from crewdesk.web.site import Site


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """Serve a desk meanwhile; gives its address."""
    app = make_app(Webhooks(site.desk, TriggersSpec(), say=lambda _: None), site.desk.store, site=site)
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
