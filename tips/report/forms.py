"""Names the kinds of file a report may leave as."""

from typing import Literal

Form = Literal["pdf", "json", "csv"]
