"""The site is looked at before anything goes out, and nothing on it is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tool_samples import Blog, Mute, materials, tool

from crewdesk.domain.canonical import JsonObject
from crewdesk.errors import DeliveryFailed

GATES: JsonObject = {"title": "Human gates", "slug": "gates", "description": "Where a person decides.", "keywords": []}
COSTS: JsonObject = {"title": "What crews cost", "slug": "costs", "description": "", "keywords": ["token budget"]}
NEWEST: JsonObject = {"title": "Gates and budgets", "slug": "both", "description": "Human words.", "keywords": []}


def run(root: Path, kind: str, connector: object, *, work: dict[str, JsonObject] | None = None, **given: Any) -> Any:
    around = materials(root, connector={"site": connector}.__getitem__, work=(work or {}).get)
    return tool(kind, around, connector="site").run(**given)


def test_all_posts_are_listed_newest_first(tmp_path: Path) -> None:
    answer = run(tmp_path, "posts", Blog([NEWEST, COSTS, GATES]))

    assert answer == {"posts": [NEWEST, COSTS, GATES], "found": 3, "published": 3}


def test_posts_about_something_come_by_how_much_they_share(tmp_path: Path) -> None:
    answer = run(tmp_path, "posts", Blog([NEWEST, COSTS, GATES]), about="a human gate for budgets")

    assert [post["slug"] for post in answer["posts"]] == ["both", "gates", "costs"]
    assert run(tmp_path, "posts", Blog([NEWEST, COSTS]), about="tomatoes")["posts"] == []


def test_a_site_that_cannot_list_its_posts_says_so(tmp_path: Path) -> None:
    answer = run(tmp_path, "posts", Mute())

    assert answer == {"posts": [], "found": 0, "published": None, "problems": ["This site cannot list its posts."]}


@pytest.mark.parametrize("kind", ["posts", "preview"])
def test_an_unknown_connector_is_a_sentence(tmp_path: Path, kind: str) -> None:
    made = tool(kind, materials(tmp_path, work={"optimise": GATES}.get), connector="blog")

    with pytest.raises(ValueError, match="There is no connector 'blog'"):
        made.run()


def test_a_site_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    class Broken(Blog):
        def published(self) -> list[JsonObject]:
            raise DeliveryFailed("post.json is no JSON.")

    with pytest.raises(ValueError, match=r"The posts of 'site' cannot be read: post.json is no JSON."):
        run(tmp_path, "posts", Broken())


def test_a_free_address_is_said_to_be_free(tmp_path: Path) -> None:
    answer = run(tmp_path, "preview", Blog([COSTS]), slug="gates")

    assert answer == {"address": "https://blog.example.com/posts/gates/", "slug": "gates", "free": True}


def test_a_taken_address_names_the_post_that_stands_there(tmp_path: Path) -> None:
    answer = run(tmp_path, "preview", Blog([COSTS]), slug="costs")

    assert (answer["free"], answer["taken_by"]) == (False, "What crews cost")


def test_without_a_slug_the_approved_posts_own_is_looked_at(tmp_path: Path) -> None:
    answer = run(tmp_path, "preview", Blog(), work={"optimise": GATES})

    assert answer["address"] == "https://blog.example.com/posts/gates/"


def test_another_slug_than_the_approved_posts_is_a_problem(tmp_path: Path) -> None:
    answer = run(tmp_path, "preview", Blog(), work={"optimise": GATES}, slug="other")

    assert answer["problems"] == ["The approved post has another slug: 'gates'."]


def test_a_site_that_cannot_tell_leaves_free_unknown(tmp_path: Path) -> None:
    assert run(tmp_path, "preview", Mute(), slug="gates")["free"] is None


def test_a_slug_that_can_be_no_address_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"It contains a space. Use hyphens."):
        run(tmp_path, "preview", Blog(), slug="two words")


def test_without_a_slug_and_a_post_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="There is no post by 'optimise' yet; give the slug"):
        run(tmp_path, "preview", Blog())
