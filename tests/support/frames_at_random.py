"""Makes frames at random from what a speaker may say: whole ones, and ones that no page of ours would ever send."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from chat.protocol.kinds import FRAME_LIMIT
from portal.ids import to_text

Strategy = st.SearchStrategy[Any]

TEXTS = st.one_of(
    st.text(max_size=80),
    st.integers(3_990, 4_010).map("x".__mul__),
    st.sampled_from(
        ["", " ", "\x00", "\u202e", "<script>", "%s%n{0}", "\N{FIRE}" * 40, "../" * 20, "\ufeff", "\\u0000"]
    ),
)
KEYS = st.binary(min_size=16, max_size=16).map(to_text)
TOKENS = st.binary(min_size=32, max_size=32).map(to_text)
BY_PATTERN: Mapping[str, Strategy] = {
    r"^[A-Za-z0-9_-]{22}$": KEYS,
    r"^[A-Za-z0-9_-]{43}$": TOKENS,
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def said_by(spoken: object, without: frozenset[str] = frozenset(), **known: Strategy) -> Strategy:
    """Whole frames of every kind in `spoken`, as dictionaries. `known`: what stands in a field of this name."""
    kinds = inspect.type_info(spoken)
    assert isinstance(kinds, inspect.UnionType)
    whole = [_struct(kind, known) for kind in kinds.types if _name(kind) not in without]
    return st.one_of(whole)


def never_said(spoken: object, other: object) -> Strategy:
    """What no page says to this line: text of frames that must be malformed, each for one reason."""
    whole = said_by(spoken)
    tags = {_name(kind) for kind in inspect.type_info(spoken).types}  # type: ignore[attr-defined]
    foreign = said_by(other, without=frozenset(tags))
    fields = st.text(string.ascii_lowercase, min_size=1, max_size=8).filter(lambda name: name not in _fields(spoken))
    as_text = st.one_of(
        # No object, no JSON, no end.
        st.text(max_size=60).filter(_is_no_object),
        JSON.filter(lambda made: not isinstance(made, dict)).map(json.dumps),
        st.sampled_from(["\ufeff{}", "{}{}", "nul", '{"type":"Here"}x', "{", '"', ""]),
        st.tuples(st.sampled_from(["[", '{"type":']), st.integers(1, 1_900)).map(lambda deep: deep[0] * deep[1]),
        whole.map(lambda frame: json.dumps(frame)[:-1]),
        # An object that is no frame.
        JSON.filter(lambda made: not (isinstance(made, str) and made in tags)).map(
            lambda made: json.dumps({"type": made})
        ),
        st.dictionaries(st.text(max_size=8), JSON, max_size=4).map(lambda made: {**made, "type": 1}).map(json.dumps),
        foreign.map(json.dumps),
        # A frame with one thing wrong with it.
        st.tuples(whole, fields, JSON).map(lambda all_: json.dumps({**all_[0], all_[1]: all_[2]})),
        whole.filter(lambda frame: "key" in frame).map(
            lambda frame: json.dumps({name: frame[name] for name in frame if name != "key"})
        ),
        st.tuples(whole.filter(lambda frame: "key" in frame), JSON.filter(lambda made: not isinstance(made, str))).map(
            lambda both: json.dumps({**both[0], "key": both[1]})
        ),
        whole.filter(lambda frame: "key" in frame).map(lambda frame: json.dumps({**frame, "key": frame["key"] + "A"})),
        st.tuples(whole, st.integers()).map(lambda both: json.dumps({**both[0], "pad": both[1]})),
    )
    return as_text.filter(lambda frame: len(frame.encode("utf-8", "replace")) <= FRAME_LIMIT)


def _is_no_object(text: str) -> bool:
    try:
        return not isinstance(json.loads(text), dict)
    except ValueError:
        return True


def _name(kind: inspect.Type) -> str:
    assert isinstance(kind, inspect.StructType)
    return str(kind.tag)


def _fields(spoken: object) -> set[str]:
    kinds = inspect.type_info(spoken)
    assert isinstance(kinds, inspect.UnionType)
    return {field.encode_name for kind in kinds.types for field in getattr(kind, "fields", ())} | {"type"}


def _struct(kind: inspect.Type, known: Mapping[str, Strategy]) -> Strategy:
    assert isinstance(kind, inspect.StructType)
    must = {field.encode_name: _field(field, known) for field in kind.fields if field.required}
    may = {
        field.encode_name: _field(field, known)
        for field in kind.fields
        if not field.required and field.encode_name != "pad"
    }
    made: Strategy = st.fixed_dictionaries(must, optional=may)
    tag = {} if kind.tag is None else {kind.tag_field: kind.tag}
    return made.map(lambda fields: {**tag, **fields})


def _field(field: inspect.Field, known: Mapping[str, Strategy]) -> Strategy:
    return known[field.encode_name] if field.encode_name in known else _value(field.type, known)


def _value(kind: inspect.Type, known: Mapping[str, Strategy]) -> Strategy:
    match kind:
        case inspect.StrType(pattern=str(pattern)):
            return BY_PATTERN[pattern] if pattern in BY_PATTERN else st.from_regex(pattern.rstrip("$") + r"\Z")
        case inspect.StrType(max_length=int(most)):
            return TEXTS.map(lambda text: text[:most])
        case inspect.StrType():
            return TEXTS
        case inspect.IntType(ge=least, le=most):
            return st.one_of(st.integers(least, most), st.integers(least or 0, 5))
        case inspect.BoolType():
            return st.booleans()
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.UnionType(types=types):
            return st.one_of([_value(each, known) for each in types])
        case inspect.NoneType():
            return st.none()
        case inspect.StructType():
            return _struct(kind, known)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return st.lists(_value(item, known), max_size=3)
    raise NotImplementedError(f"no frame has had a field like {msgspec.inspect.type_info(kind)!r} before")
