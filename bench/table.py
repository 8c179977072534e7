"""The table of the benchmark, in Markdown, and the targets that Crewdesk is held to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bench.measure import WAYS, Measured

HEADINGS = {
    "chain": "Each task builds on all earlier ones",
    "fork": "Two of the four tasks do not need each other",
}
COLUMNS = (
    "",
    "calls",
    "prompt tokens",
    "completion tokens",
    "wall",
    "calls at once",
    "outputs intact",
    "prompt / hierarchical",
    "completion / hierarchical",
    "wall / hierarchical",
    "wall / sequential",
)
TARGETS: tuple[tuple[str, str, str, Callable[[Measured], float], float], ...] = (
    ("chain", "crewai_hierarchical", "wall time", lambda m: m.wall, 0.40),
    ("chain", "crewai_hierarchical", "completion tokens", lambda m: m.completion_tokens, 0.40),
    ("chain", "crewai_hierarchical", "prompt tokens", lambda m: m.prompt_tokens, 0.45),
    ("chain", "crewai_sequential", "wall time", lambda m: m.wall, 1.10),
    ("fork", "crewai_sequential", "wall time", lambda m: m.wall, 1.00),
)


def table(scenario: str, results: list[Measured]) -> str:
    """Spell the results of one scenario; what could not be measured says so in words."""
    sound = {one.way: one for one in results if not one.problem}
    head = "| " + " | ".join(COLUMNS) + " |"
    lines = [f"\n{HEADINGS[scenario]}\n", head, "|---|" + "---:|" * (len(COLUMNS) - 1)]
    return "\n".join([*lines, *(_row(one, sound) for one in results)])


def missed_targets(results: Iterable[Measured]) -> list[str]:
    """Say in sentences which targets Crewdesk misses, or could not be held to."""
    found = {(one.scenario, one.way): one for one in results if not one.problem}
    missed: list[str] = []
    for scenario, peer, what, value, limit in TARGETS:
        ours, theirs = found.get((scenario, "crewdesk")), found.get((scenario, peer))
        if ours is None or theirs is None:
            missed.append(f"{scenario}: {what} against {peer} was not measured.")
        elif (ratio := value(ours) / value(theirs)) > limit:
            missed.append(f"{scenario}: {what} is {ratio:.2f} of {peer}; the target is {limit:.2f}.")
    return missed


def _row(one: Measured, sound: dict[str, Measured]) -> str:
    title = WAYS[one.way].title
    if one.problem:
        return f"| {title} | {one.problem} |" + " |" * (len(COLUMNS) - 2)
    hierarchical, sequential = sound.get("crewai_hierarchical"), sound.get("crewai_sequential")
    cells = [
        str(one.calls),
        _thousands(one.prompt_tokens),
        _thousands(one.completion_tokens),
        f"{one.wall:.1f} s",
        str(one.most_at_once),
        f"{one.delivered} of 4",
        _ratio(one.prompt_tokens, hierarchical and hierarchical.prompt_tokens),
        _ratio(one.completion_tokens, hierarchical and hierarchical.completion_tokens),
        _ratio(one.wall, hierarchical and hierarchical.wall),
        _ratio(one.wall, sequential and sequential.wall),
    ]
    return f"| {title} | " + " | ".join(cells) + " |"


def _thousands(tokens: int) -> str:
    return f"{tokens / 1000:.1f} k"


def _ratio(value: float, of: float | None) -> str:
    return f"{value / of:.2f}" if of else "–"
