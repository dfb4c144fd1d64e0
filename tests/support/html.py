"""Reads an answer the way a browser without script does: its words, its links and the forms a person could send."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "img", "hr", "path", "use", "circle"}


@dataclass
class HtmlForm:
    """One form: where it goes and what it would send if nothing were typed."""

    action: str
    method: str
    attributes: dict[str, str]
    fields: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)


class Document(HTMLParser):
    """One parsed page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[HtmlForm] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.title = ""
        self._words: list[str] = []
        self._in_title = False
        self._silent = 0
        self._form: HtmlForm | None = None
        self._textarea: str | None = None
        self.feed(text)

    @property
    def words(self) -> str:
        """What a person reads, with single blanks."""
        return " ".join(" ".join(self._words).split())

    def form(self, *, action: str = "", with_field: str = "") -> HtmlForm:
        """The one form whose action ends so and that holds the field."""
        found = [
            form for form in self.forms if form.action.endswith(action) and (not with_field or with_field in form.names)
        ]
        assert len(found) == 1, (
            f"{len(found)} forms for {action!r} {with_field!r} among {self.forms}: {self.words[:400]}"
        )
        return found[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "title":
            self._in_title = True
        elif tag in {"script", "style"}:
            self._silent += 1
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = HtmlForm(given.get("action", ""), given.get("method", "get").lower(), given)
            self.forms.append(self._form)
        elif self._form is not None and given.get("name"):
            self._field(tag, given)
        elif self._form is not None and tag == "button":
            self._form.buttons.append(given)
        elif self._form is not None and tag == "option" and self._form.names:
            self._form.choices.setdefault(self._form.names[-1], []).append(given.get("value", ""))
            if "selected" in given:
                self._form.fields[self._form.names[-1]] = given.get("value", "")

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name = given["name"]
        if tag == "button" or given.get("type") == "submit":
            self._form.buttons.append(given)
            return
        if name not in self._form.names:
            self._form.names.append(name)
        if tag == "textarea":
            self._textarea = name
            self._form.fields[name] = ""
        elif given.get("type") in {"radio", "checkbox"}:
            self._form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                self._form.fields[name] = given.get("value", "on")
        elif tag == "input":
            self._form.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag in {"script", "style"}:
            self._silent -= 1
        elif tag == "form":
            self._form = None
        elif tag == "textarea":
            if self._textarea is not None and self._form is not None:
                # A line break right after the tag is not part of what stands in the field.
                self._form.fields[self._textarea] = self._form.fields[self._textarea].removeprefix("\n")
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif self._textarea is not None and self._form is not None:
            self._form.fields[self._textarea] += data
        elif not self._silent:
            self._words.append(data)
