"""The site's pages, beyond what every connector holds."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from connector_samples import SETTINGS, Clock, broken_links, delivery, page, post, site

from crewdesk.connectors.files import Disk
from crewdesk.connectors.site import SiteConnector
from crewdesk.domain.canonical import canonical, digest
from crewdesk.errors import DeliveryFailed, DeliveryRefused

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
SOURCE = {"id": "gates-1", "title": "Gates", "location": "content/gates.md:12"}


def with_three_posts(folder: Path) -> None:
    """English, Arabic and Chinese; the English one links to both others and to itself."""
    connector = site(folder)
    links = [
        {"anchor": "first", "slug": "أين-الإنسان"},
        {"anchor": "second", "slug": "人在哪里"},
        {"anchor": "third", "slug": "where-people-belong"},
    ]
    english = post(body="The first, the second, the third.[^gates-1]", links=links, sources=[SOURCE])
    arabic = post(
        title="أين الإنسان؟", slug="أين-الإنسان", language="ar", body="## لماذا\n\nنص.[^gates-1]", sources=[SOURCE]
    )
    chinese = post(title="人在哪里", slug="人在哪里", language="zh-Hans", body="正文。")
    for key, body in {"one": english, "two": arabic, "three": chinese}.items():
        connector.deliver(delivery(body, key=key))


def test_the_record_holds_the_approved_bytes_and_their_hash(tmp_path: Path) -> None:
    body = post()

    site(tmp_path).deliver(delivery(body, key="k"))

    text = (tmp_path / "posts" / "where-people-belong" / "post.json").read_text(encoding="utf-8")
    record = json.loads(text)
    assert canonical(body) in text
    assert digest(record["body"]) == record["sha"] == digest(body)
    assert (record["key"], record["schema"], record["delivered"]) == ("k", "Post", "2025-11-01T09:30:00+00:00")


def test_the_receipt_opens_in_a_browser_and_names_the_public_address(tmp_path: Path) -> None:
    body = post(slug="人在哪里")

    receipt = site(tmp_path).deliver(delivery(body, key="k"))

    url = "https://blog.example.com/posts/%E4%BA%BA%E5%9C%A8%E5%93%AA%E9%87%8C/"
    assert receipt.location == (tmp_path / "posts" / "人在哪里" / "index.html").as_uri()
    assert receipt.details == {"url": url, "sha": digest(body), "key": "k"}
    assert site(tmp_path).address(body) == url


def test_every_link_of_every_page_works_when_opened_as_a_file(tmp_path: Path) -> None:
    with_three_posts(tmp_path)

    pages = sorted(tmp_path.rglob("*.html"))

    assert len(pages) == 4
    assert {str(path): broken_links(path) for path in pages} == {str(path): [] for path in pages}


def test_posts_that_came_later_are_linked_from_those_that_name_them(tmp_path: Path) -> None:
    with_three_posts(tmp_path)

    links = page(tmp_path / "posts" / "where-people-belong" / "index.html").addresses()

    assert "../%D8%A3%D9%8A%D9%86-%D8%A7%D9%84%D8%A5%D9%86%D8%B3%D8%A7%D9%86/index.html" in links
    assert "../%E4%BA%BA%E5%9C%A8%E5%93%AA%E9%87%8C/index.html" in links
    assert not [link for link in links if link.startswith("../where")]


def test_a_page_says_its_language_and_direction(tmp_path: Path) -> None:
    with_three_posts(tmp_path)

    def html_of(slug: str) -> dict[str, str]:
        return page(tmp_path / "posts" / slug / "index.html").all("html")[0]

    assert html_of("where-people-belong") == {"lang": "en", "dir": "ltr"}
    assert html_of("أين-الإنسان") == {"lang": "ar", "dir": "rtl"}
    assert html_of("人在哪里") == {"lang": "zh-Hans", "dir": "ltr"}


@pytest.mark.parametrize("tag", ["", 'en"onload="x', "no tag at all", "-"])
def test_a_language_tag_that_is_none_falls_back_to_the_sites(tmp_path: Path, tag: str) -> None:
    site(tmp_path).deliver(delivery(post(language=tag)))

    assert page(tmp_path / "posts" / "where-people-belong" / "index.html").all("html") == [{"lang": "en", "dir": "ltr"}]


def test_a_page_tells_machines_what_it_is(tmp_path: Path) -> None:
    body = post()
    site(tmp_path).deliver(delivery(body))

    here = page(tmp_path / "posts" / "where-people-belong" / "index.html")
    meta = {tag.get("name") or tag.get("property", ""): tag["content"] for tag in here.all("meta") if "content" in tag}
    links = {tag["rel"]: tag["href"] for tag in here.all("link")}

    url = "https://blog.example.com/posts/where-people-belong/"
    assert meta["crewdesk:sha256"] == digest(body)
    assert (meta["og:title"], meta["og:type"], meta["og:url"]) == ("Where people belong", "article", url)
    assert meta["twitter:card"] == "summary"
    assert meta["description"] == meta["og:description"] == "Put a gate where a mistake is expensive."
    assert links["canonical"] == url
    assert links["alternate"] == "../../feed.xml"


def test_the_structured_data_is_json_with_the_posts_facts(tmp_path: Path) -> None:
    site(tmp_path).deliver(delivery(post(title="</script><b>")))

    text = (tmp_path / "posts" / "where-people-belong" / "index.html").read_text(encoding="utf-8")
    facts = json.loads(text.split('<script type="application/ld+json">')[1].split("</script>")[0])

    assert facts["@type"] == "BlogPosting"
    assert facts["headline"] == "</script><b>"
    assert facts["datePublished"] == "2025-11-01T09:30:00+00:00"


def test_no_page_asks_anything_of_the_outside(tmp_path: Path) -> None:
    with_three_posts(tmp_path)

    for path in tmp_path.rglob("*.html"):
        fetched = [tag["href"] for tag in page(path).all("link") if tag["rel"] not in {"canonical", "alternate"}]
        assert [address for address in fetched if "://" in address.split("data:")[0]] == []
        assert not page(path).all("img")
    assert "url(" not in (tmp_path / "style.css").read_text(encoding="utf-8")
    assert "@import" not in (tmp_path / "style.css").read_text(encoding="utf-8")


def test_the_index_lists_the_newest_first(tmp_path: Path) -> None:
    with_three_posts(tmp_path)

    words = page(tmp_path / "index.html").words

    assert words.index("人在哪里") < words.index("أين الإنسان") < words.index("Where people belong")


def test_the_feed_carries_the_whole_text_with_absolute_addresses(tmp_path: Path) -> None:
    with_three_posts(tmp_path)

    channel = ET.parse(tmp_path / "feed.xml").getroot()[0]  # noqa: S314 - our own file
    items = channel.findall("item")
    text = items[2].findtext(CONTENT, "")

    assert [item.findtext("title") for item in items] == ["人在哪里", "أين الإنسان؟", "Where people belong"]
    assert items[2].findtext("pubDate") == "Sat, 01 Nov 2025 09:30:00 +0000"
    assert items[2].findtext("guid") == "https://blog.example.com/posts/where-people-belong/"
    assert "Gates" in text
    assert 'href="https://blog.example.com/posts/where-people-belong/#source-1"' in text
    assert 'href="https://blog.example.com/posts/%E4%BA%BA%E5%9C%A8%E5%93%AA%E9%87%8C/"' in text


def test_the_sitemap_names_every_page(tmp_path: Path) -> None:
    with_three_posts(tmp_path)

    places = [place.text or "" for place in ET.parse(tmp_path / "sitemap.xml").iter(LOC)]  # noqa: S314 - our own file

    assert len(places) == 4
    assert places[0] == "https://blog.example.com/"
    assert all(place.isascii() for place in places)


def test_another_post_at_the_same_slug_is_refused_and_says_what_to_edit(tmp_path: Path) -> None:
    connector = site(tmp_path)
    connector.deliver(delivery(post(), key="one"))
    before = (tmp_path / "posts" / "where-people-belong" / "post.json").read_bytes()

    with pytest.raises(DeliveryRefused, match="Another post stands at") as refused:
        connector.deliver(delivery(post(title="Other"), key="two"))

    assert "another slug" in refused.value.hint
    assert (tmp_path / "posts" / "where-people-belong" / "post.json").read_bytes() == before
    assert connector.find(delivery(post(), key="two")) is None


def test_pages_that_were_lost_or_damaged_come_back(tmp_path: Path) -> None:
    with_three_posts(tmp_path)
    whole = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "index.html").unlink()
    (tmp_path / "feed.xml").write_text("damaged")
    (tmp_path / "posts" / "人在哪里" / "index.html").unlink()

    site(tmp_path).rebuild()

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == whole


def test_a_post_whose_folder_was_taken_away_leaves_every_list(tmp_path: Path) -> None:
    with_three_posts(tmp_path)
    shutil.rmtree(tmp_path / "posts" / "人在哪里")

    site(tmp_path).rebuild()

    assert "人在哪里" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert [entry["slug"] for entry in site(tmp_path).published()] == ["أين-الإنسان", "where-people-belong"]


def test_a_site_without_posts_can_be_built(tmp_path: Path) -> None:
    site(tmp_path / "new").rebuild()

    assert broken_links(tmp_path / "new" / "index.html") == []
    ET.parse(tmp_path / "new" / "feed.xml")  # noqa: S314 - our own file


def test_published_posts_are_listed_with_what_a_link_needs(tmp_path: Path) -> None:
    assert site(tmp_path).published() == []

    site(tmp_path).deliver(delivery(post()))

    assert site(tmp_path).published() == [
        {
            "title": "Where people belong",
            "slug": "where-people-belong",
            "description": "Put a gate where a mistake is expensive.",
            "keywords": ["gates", "agents"],
        }
    ]


def test_a_record_in_another_posts_folder_is_told(tmp_path: Path) -> None:
    site(tmp_path).deliver(delivery(post()))
    (tmp_path / "posts" / "where-people-belong").rename(tmp_path / "posts" / "elsewhere")

    with pytest.raises(DeliveryFailed, match="belongs in a folder called 'where-people-belong'"):
        site(tmp_path).rebuild()


def test_a_record_that_holds_no_post_is_told_with_its_path(tmp_path: Path) -> None:
    site(tmp_path).deliver(delivery(post()))
    path = tmp_path / "posts" / "where-people-belong" / "post.json"
    body = {"slug": "where-people-belong"}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"body": body, "sha": digest({**body})}))

    with pytest.raises(DeliveryFailed, match=r"post\.json holds no post: .*look at body, title"):
        site(tmp_path).published()


def test_a_lock_that_another_process_keeps_is_told_plainly(tmp_path: Path) -> None:
    class KeptDisk(Disk):
        def lock(self, path: Path) -> AbstractContextManager[object]:
            raise TimeoutError(path)

    connector = SiteConnector("site", SETTINGS, folder=tmp_path, clock=Clock(), disk=KeptDisk())

    with pytest.raises(DeliveryFailed, match="another process has been at it for a minute"):
        connector.deliver(delivery(post()))


def test_fields_we_do_not_know_ship_in_the_record_and_disturb_no_page(tmp_path: Path) -> None:
    body = post(mood="cheerful")

    site(tmp_path).deliver(delivery(body))

    record = json.loads((tmp_path / "posts" / "where-people-belong" / "post.json").read_text(encoding="utf-8"))
    assert record["body"]["mood"] == "cheerful"
