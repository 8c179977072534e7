"""triggers.yaml as frozen values: what starts runs by itself, and with which inputs.

Every trigger makes an event, a JSON object: a schedule's tells the date and the week, a webhook's is what was
posted, a poll's is the item that was found, that of changes tells of a new lead. Inputs and the occasion are texts in
which {path.in.event} is filled in.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crewdesk.domain.spec import DurationText, Spec


class FiringSpec(Spec):
    """What triggers of every kind say."""

    crew: str = Field(description="The crew whose run is started; a worker takes it.")
    profile: str | None = Field(default=None, description="Profile of models.yaml; the default one when left out.")
    inputs: dict[str, str] = Field(
        default_factory=dict, description="Inputs of the crew; {path.in.event} is filled in, such as {date}."
    )
    once: str | None = Field(
        default=None,
        description="Names the occasion, such as weekly-{year}-W{week}: for each one run is started, ever. Left out: "
        "each time of a schedule, each message of a webhook, each item of a poll.",
    )
    occasions: str | None = Field(
        default=None,
        description="Another trigger whose occasions these are too: what one of them started, the other does not.",
    )
    paused: bool = Field(default=False, description="Starts nothing by itself for now; by hand it still does.")


class ScheduleSpec(FiringSpec):
    """Starts a run at certain times. The event has year and week (ISO), month, day, weekday, date, time and moment."""

    kind: Literal["schedule"]
    cron: str = Field(description="Minute, hour, day of month, month, day of week; such as 0 9 * * MON.")
    time_zone: str = Field(default="UTC", description="Where the times are meant, such as Europe/Berlin.")
    catch_up: Literal["latest", "all", "none"] = Field(
        default="latest", description="Which of the times that passed while nobody worked are made up for."
    )
    within: DurationText = Field(
        default="7d", description="a length of time, such as 7d: how long ago such a time may lie."
    )


class EventSpec(FiringSpec):
    """What triggers from outside say."""

    only: dict[str, str | tuple[str, ...]] = Field(
        default_factory=dict, description="Path in the event, and the value or values it must have to start a run."
    )


class WebhookSpec(EventSpec):
    """Starts a run when another system posts JSON to `crewdesk serve`. A list is one event for each of its parts."""

    kind: Literal["webhook"]
    path: str = Field(pattern=r"^(/[A-Za-z0-9._-]+)+$", description="a path under /hooks, such as /pull-requests.")
    signature: Literal["hmac", "github", "hubspot"] = Field(description="How the sender proves who it is.")
    secret_env: str = Field(description="Environment variable with the secret both know; the secret stays there.")
    within: DurationText = Field(
        default="5m", description="a length of time, such as 5m: how old a message that says when it was sent may be."
    )
    limit: int = Field(default=1_000_000, ge=1, le=25_000_000, description="Longest message, in bytes.")


class LookSpec(EventSpec):
    """What triggers say that look somewhere again and again."""

    every: DurationText = Field(
        default="15m", description="a length of time, such as 15m: how long after one look the next one is taken."
    )
    at_first: Literal["skip", "start"] = Field(
        default="skip", description="What becomes of what is there at the first look."
    )
    most: int = Field(
        default=10, ge=1, le=100, description="Runs started after one look; the rest comes after the next."
    )


class ChangesSpec(LookSpec):
    """Looks into a CRM again and again, and starts a run for each lead that was not there before."""

    kind: Literal["changes"]
    connector: str = Field(description="The CRM, as connectors.yaml calls it.")


class PollSpec(LookSpec):
    """Looks at an address again and again, and starts a run for each item that was not there before."""

    kind: Literal["poll"]
    url: str = Field(
        pattern=r"^https?://", description="an https:// address, of a feed or of something that answers in JSON."
    )
    reads: Literal["feed", "json"] = Field(default="feed", description="RSS or Atom, or JSON.")
    items: str = Field(
        default="", description="For JSON: path of the list in the answer; the answer itself when empty."
    )
    id: str = Field(default="id", description="For JSON: path of what tells one item from another.")
    token_env: str | None = Field(
        default=None, description="Environment variable with a bearer token, if one is needed."
    )
    allow_private: bool = Field(
        default=False, description="Whether it may be an address inside your own network; http:// may do then, too."
    )


TriggerSpec = Annotated[ScheduleSpec | WebhookSpec | PollSpec | ChangesSpec, Field(discriminator="kind")]


class TriggersSpec(Spec):
    """triggers.yaml: what starts runs by itself."""

    triggers: dict[str, TriggerSpec] = Field(default_factory=dict)
