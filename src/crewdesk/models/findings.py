"""Findings: sentences that stand alone, chosen so that a post can be built on their passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crewdesk.domain.passages import Passage
from crewdesk.models.prose import Sentence, alike
from crewdesk.models.shape import Shape
from crewdesk.models.sources import Group, Sources


def choose_findings(sources: Sources, count: int, shape: Shape) -> list[Sentence]:
    """Choose sentences that stand alone so that a post can be built on their passages and none is said twice.

    Heading by heading, the best first and each time of a document used least: one sentence of each
    passage under it; then a second sentence of each, while there is room.
    """
    best = _best_sentences(sources, shape)
    chosen: list[Sentence] = []
    for turn in range(shape.passage_share):
        for group in _in_turn(_advice_early(sources, shape)):
            for passage in group if turn else group[: shape.heading_share]:
                fresh = [sentence for sentence in best[passage.id] if not alike(sentence, chosen)]
                taken = sum(sentence.passage.id == passage.id for sentence in chosen)
                if fresh and taken <= turn and len(chosen) < count:
                    chosen.append(fresh[0])
    return chosen


def _best_sentences(sources: Sources, shape: Shape) -> dict[str, list[Sentence]]:
    """List each passage's sentences that can be findings, best first."""
    found: dict[str, list[tuple[float, Sentence]]] = {passage.id: [] for _, passage in sources.ranked}
    for score, sentence in sources.scored():
        if sentence.alone and sentence.words >= shape.shortest_finding:
            found[sentence.passage.id].append((score, sentence))
    return {key: [each for _, each in sorted(own, key=lambda pair: -pair[0])] for key, own in found.items()}


def _advice_early(sources: Sources, shape: Shape) -> list[Group]:
    """Put the heading that could close a post second, so that its passages are among the chosen."""
    groups = sources.worthwhile(shape.worthwhile)
    advising = [group for group in groups if sources.language.aspect_of(group.heading) == shape.step]
    if len(groups) < 3 or not advising:  # noqa: PLR2004 - a first, a second and others
        return groups
    best = max(advising, key=lambda group: group.late + group.score / groups[0].score)
    others = [group for group in groups if group is not best]
    return [others[0], replace(best, score=others[0].score), *others[1:]]


def _in_turn(groups: Sequence[Group]) -> Iterator[list[Passage]]:
    """Give headings best first, each time weighing how often their document had its turn."""
    waiting = list(groups)
    used: Counter[str] = Counter()
    top = waiting[0].score if waiting else 1.0
    while waiting:
        index = min(
            range(len(waiting)), key=lambda i: (0.06 * used[waiting[i].document] - waiting[i].score / (top or 1.0), i)
        )
        group = waiting.pop(index)
        used[group.document] += 1
        yield list(group.passages)
