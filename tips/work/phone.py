"""Files what an advocate wrote down for somebody on the phone, on the way every tip of the form goes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from portal.staff.sessions.session import Signed
from portal.vault.sealing import sub
from tips import form as tip_form
from tips.asked import MORE, NOTE
from tips.form import Mend, TipForm
from tips.intake import Filed, Intake
from tips.work.acts import Working

SHEETS: Final = (NOTE, MORE)


def read(typed: Mapping[str, str]) -> TipForm | tuple[Mend, ...]:
    """Both pages of the form as one, by the same rules; or what to mend, in the order of the pages."""
    first, more = tip_form.read(typed), tip_form.read_more(typed)
    if isinstance(first, TipForm) and not isinstance(more, tuple):
        return replace(first, facts={**first.facts, **more})
    mends = [*(() if isinstance(first, TipForm) else first), *(more if isinstance(more, tuple) else ())]
    return tuple(dict.fromkeys(mends))


def kept_typing(typed: Mapping[str, str]) -> dict[str, str]:
    """What the page shows again after an error: our own fields of both pages, cut where nobody typed so much."""
    return {name: said for sheet in SHEETS for name, said in tip_form.kept_typing(typed, sheet).items()}


class PhoneEntry:
    """The act. The advocate's name stands in the desk's own entry alone, which no receipt opens."""

    def __init__(self, intake: Intake, working: Working) -> None:
        self._intake = intake
        self._working = working

    async def file(
        self, signed: Signed, form: TipForm, *, language: str, start_token: str, wants_number: bool
    ) -> Filed:
        """File it, and put it into her hands. The same start token always leads to the same tip.

        Raises DatabaseAway, ValkeyAway, ChainBroken; then it can be sent again, and nothing is filed twice.
        """
        filed = await self._intake.file_tip(
            form, language=language, start_token=start_token, wants_number=wants_number, by_phone=True
        )
        part = sub(filed.filing.words_key, "entered by phone")[:16]
        await self._working.has_entered(signed, filed.filing.tip, part)
        return filed
