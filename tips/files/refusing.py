"""The two ways in which a file is not taken: it is refused, or it has to wait."""

from typing import ClassVar

from portal.errors import PorchlightError, TooBusy


class PictureRefused(PorchlightError):
    """A file that is not taken; `why` is the phrase that says so to whoever sent it."""

    status: ClassVar[int] = 422

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class DrawingBusy(TooBusy):
    """More files wait than this process makes anew in a while."""

    phrase: ClassVar[str] = "files.busy"
