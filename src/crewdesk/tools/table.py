"""The tools by kind. To add one: a plain function in this folder, a line in TOOLS, a test.

A tool's positional parameters are the model's arguments; `settings` and `materials`, keyword-only, are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from crewdesk.domain.canonical import Json
from crewdesk.domain.personal import Personal
from crewdesk.domain.specs import ToolSpec
from crewdesk.errors import ConfigurationError
from crewdesk.ports.tool import Tool
from crewdesk.tools.materials import Materials
from crewdesk.tools.measure import MeasureSettings, measure_text
from crewdesk.tools.outreach.company_news import NewsSettings, find_company_news
from crewdesk.tools.outreach.company_pages import PagesSettings, read_company_pages
from crewdesk.tools.outreach.note_stop import StopSettings, note_stop
from crewdesk.tools.outreach.prepare_record import RecordSettings, prepare_record
from crewdesk.tools.outreach.read_lead import LeadSettings, personal_data, read_lead
from crewdesk.tools.outreach.screen_lead import ScreenSettings, screen_lead
from crewdesk.tools.posts import PostsSettings, our_posts
from crewdesk.tools.preview import PreviewSettings, preview_publication
from crewdesk.tools.review.check_work import CheckSettings, check_work
from crewdesk.tools.review.draft_tests import DraftSettings, draft_tests
from crewdesk.tools.review.find_code import FindSettings, find_code
from crewdesk.tools.review.find_documents import DocumentsSettings, find_documents
from crewdesk.tools.review.read_change import ChangeSettings, read_change
from crewdesk.tools.review.read_code import ReadSettings, read_code
from crewdesk.tools.review.run_trials import TrialsSettings, run_trials
from crewdesk.tools.review.scan_change import ScanSettings, scan_change
from crewdesk.tools.search import SearchSettings, search_knowledge
from crewdesk.tools.settings import Settings, parse_settings
from crewdesk.tools.signature import Signature, describe
from crewdesk.tools.trends import TrendsSettings, trending_topics

__all__ = ["TOOLS", "Kind", "Materials", "make_tool"]


@dataclass(frozen=True)
class Kind:
    """A tool's function and what it can be told in config/tools.yaml."""

    function: Callable[..., Json]
    settings: type[Settings]
    personal: Callable[[Json], Personal | None] | None = None
    """Says which personal data an answer holds; see ports/tool.py."""
    looks_at_work: bool = True
    """False for one that never calls `materials.work`: a fork may reuse its answers whatever else changed."""
    asked_anew: bool = False
    """Whether a fork may not reuse its answers; see ports/tool.py."""


TOOLS: Mapping[str, Kind] = MappingProxyType(
    {
        "knowledge": Kind(search_knowledge, SearchSettings, looks_at_work=False),
        "measure": Kind(measure_text, MeasureSettings),
        "posts": Kind(our_posts, PostsSettings, looks_at_work=False),
        "preview": Kind(preview_publication, PreviewSettings),
        "change": Kind(read_change, ChangeSettings, looks_at_work=False),
        "code": Kind(read_code, ReadSettings),
        "find": Kind(find_code, FindSettings),
        "scan": Kind(scan_change, ScanSettings),
        "drafts": Kind(draft_tests, DraftSettings),
        "trials": Kind(run_trials, TrialsSettings),
        "documents": Kind(find_documents, DocumentsSettings),
        "check": Kind(check_work, CheckSettings),
        "lead": Kind(read_lead, LeadSettings, personal=personal_data, asked_anew=True),
        "screen": Kind(screen_lead, ScreenSettings, asked_anew=True),
        "stop": Kind(note_stop, StopSettings),
        "pages": Kind(read_company_pages, PagesSettings),
        "company_news": Kind(find_company_news, NewsSettings),
        "record": Kind(prepare_record, RecordSettings, asked_anew=True),
        "trends": Kind(trending_topics, TrendsSettings, looks_at_work=False),
    }
)


def make_tool(name: str, spec: ToolSpec, *, materials: Materials) -> Tool:
    """Make one tool of tools.yaml; raises `ConfigurationError` for an unknown kind or setting.

    Its `run` raises `ValueError` with a sentence that a model can act on, for wrong arguments too.
    """
    kind = TOOLS.get(spec.kind)
    if kind is None:
        near = get_close_matches(spec.kind, TOOLS, n=1)
        raise ConfigurationError(
            f"config/tools.yaml: tool {name!r}: unknown kind {spec.kind!r}"
            + (f"; did you mean {near[0]!r}?" if near else ""),
            hint=f"Kinds of tools: {', '.join(TOOLS)}.",
        )
    settings = parse_settings(name, spec, kind.settings)
    signature = Signature(name, kind.function)

    def run(**given: Any) -> Json:  # noqa: ANN401 -- the model's JSON, checked here
        return kind.function(**signature.check(given), settings=settings, materials=materials)

    return Tool(
        name,
        describe(kind.function),
        signature.schema,
        run,
        personal=kind.personal,
        looks_at_work=kind.looks_at_work,
        asked_anew=kind.asked_anew,
    )
