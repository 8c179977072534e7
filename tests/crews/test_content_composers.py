"""The post is joined by code: no model retypes what was accepted."""

from __future__ import annotations

from content_help import draft, facts, package
from hypothesis import given
from hypothesis import strategies as st

from crewdesk.crews.content.outputs import Post
from crewdesk.crews.table import COMPOSERS
from crewdesk.domain.facts import Facts
from crewdesk.domain.passages import Passage


def composed(body: str, known: Facts | None = None) -> Post:
    known = known or facts()
    given = Facts(known.passages, {"draft": draft(body).model_dump(mode="json")}, known.inputs)
    made = COMPOSERS["post"].compose(package(), given)
    assert isinstance(made, Post)
    return made


def test_the_package_and_the_draft_become_one_post() -> None:
    post = composed("Gates wait.[^gates-1]")

    assert (post.title, post.slug, post.body) == (package().title, package().slug, "Gates wait.[^gates-1]")
    assert post.confidence == 0.6
    assert post.open_questions == ["Which gates?", "Whose slug?"]
    assert COMPOSERS["post"].schema is Post


def test_sources_come_from_what_tools_returned_in_the_order_of_their_footnotes() -> None:
    known = Facts(passages={id_: Passage(id_, f"Book {id_} — Part", f"{id_}.md:3", "Text.") for id_ in "abc"})

    post = composed("Two.[^b] One.[^a] Two.[^b] None.[^made-up]", known)

    assert [(one.id, one.title, one.location) for one in post.sources] == [
        ("b", "Book b", "b.md"),
        ("a", "Book a", "a.md"),
    ]


@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])))
def test_the_body_is_the_drafts_byte_for_byte(body: str) -> None:
    assert composed(body).body.encode() == body.encode()
