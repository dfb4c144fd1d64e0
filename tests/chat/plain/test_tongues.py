"""A talk changes its language in the middle, again and again: what stands in the field goes along each time."""

from __future__ import annotations

import pytest

from i18n.languages import LANGUAGES
from tests.chat.plain.conftest import PlainPhone, phone, processes

__all__ = ["phone", "processes"]
pytestmark = pytest.mark.anyio

THROUGH = ("zh-Hant", "ur", "th", "fa", "zh-Hans", "uk", "en")
DRAFT = "老闆拿走了 میرا پاسپورٹ ਪਾਸਪੋਰਟ\n여권 ёж “a” <b> & ' \U0001f54a"


async def test_a_draft_goes_through_seven_languages_and_is_what_it_was(phone: PlainPhone) -> None:
    await phone.starts("en")
    await phone.sends(words="hello")
    for tag in THROUGH:
        form = phone.write.form(with_field="words")
        draft = form.fields["words"] or DRAFT
        answer = await phone.posts(f"/{tag}/talk/tongue", {**form.fields, "words": draft.replace("\n", "\r\n")})
        phone.outer = answer.headers["location"]
        await phone.loads()

        assert phone.outer.startswith(f"/{tag}/talk/")
        (page,) = [given for name, given in phone.page.tags if name == "html"]
        assert (page["lang"], page["dir"]) == (tag, LANGUAGES[tag].direction)
        assert phone.draft == DRAFT
        assert (await phone.house.relay.answers(await phone.talk())).language == tag
