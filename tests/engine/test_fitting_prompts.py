"""Earlier work is shown within a limit, and what was JSON can still be read."""

from __future__ import annotations

from typing import cast

from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.models import ModelRequest
from crewdesk.engine.prompts import fitting, picked
from crewdesk.models.materials import Materials, read_materials

LARGE: JsonObject = {
    "change": {"title": "A change", "diff": "+ line\n" * 40_000, "files": [{"path": f"{n}.py"} for n in range(90)]}
}
SMALL: JsonObject = {"findings": [{"title": "Wrong"}], "confidence": 1.0}


def read(text: str) -> Materials:
    return read_materials(ModelRequest("offline/extractive", [{"role": "user", "content": text}]))


def shown(*outputs: tuple[str, JsonObject], limit: int) -> str:
    return fitting([(f"Output of {task}", cast("Json", body)) for task, body in outputs], limit)


def test_a_block_that_is_too_large_takes_nothing_from_the_others_wherever_it_stands() -> None:
    for outputs in ((("change", LARGE), ("check", SMALL)), (("check", SMALL), ("change", LARGE))):
        text = shown(*outputs, limit=20_000)
        known = read(text).outputs

        assert len(text) <= 20_000
        assert known["check"] == SMALL
        change = cast("JsonObject", cast("JsonObject", known["change"])["change"])
        assert (change["title"], len(cast("list[Json]", change["files"]))) == ("A change", 90)
        assert "cut" in str(change["diff"])[-40:]


def test_where_cutting_texts_is_not_enough_lists_lose_their_ends_and_all_can_still_be_read() -> None:
    many: JsonObject = {"findings": [{"title": f"Wrong {n}"} for n in range(3_000)], "confidence": 1.0}

    known = read(shown(("change", LARGE), ("scan", many), limit=9_000)).outputs

    scan = cast("JsonObject", known["scan"])
    assert scan["confidence"] == 1.0
    assert cast("list[Json]", scan["findings"])[0] == {"title": "Wrong 0"}
    assert known["change"]


def test_what_fits_is_shown_as_it_is() -> None:
    assert read(shown(("change", LARGE), ("check", SMALL), limit=2_000_000)).outputs == {
        "change": LARGE,
        "check": SMALL,
    }


def test_a_task_reads_the_fields_it_is_given_and_no_others() -> None:
    passages: list[Json] = [{"id": "crm-1", "text": "A"}, {"id": "crm-2", "text": "B"}]
    body: JsonObject = {"lead": {"company": "Acme", "phone": "1", "email": "2"}, "passages": passages, "sure": True}

    assert picked(body, ()) == body
    assert picked(body, ["lead.company", "lead.email", "passages.id"]) == {
        "lead": {"company": "Acme", "email": "2"},
        "passages": [{"id": "crm-1"}, {"id": "crm-2"}],
    }
    assert picked(body, ["lead", "sure.ly", "gone"]) == {"lead": body["lead"], "sure": True}
