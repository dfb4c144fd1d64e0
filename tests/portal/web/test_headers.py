"""Holds every answer of both faces to the headers that keep it from leaking or being framed."""

from __future__ import annotations

import pytest

from portal.web.headers import Face, framing_policy, security_headers, websocket_origin

OURS = "https://talk.example"
NEUTRAL = ("https://weather.example", "https://meteo.example")


def policy(face: Face, origin: str = OURS) -> dict[str, str]:
    directives = dict(security_headers(face, origin, NEUTRAL))[b"content-security-policy"].decode().split("; ")
    return {name: rest for name, _, rest in (directive.partition(" ") for directive in directives)}


@pytest.mark.asvs("3.4.3")
def test_nothing_is_allowed_that_is_not_ours() -> None:
    """Requirement 29 of docs/safety.md."""
    allowed = policy("public")

    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == allowed["style-src"] == "'self'"
    assert allowed["base-uri"] == allowed["frame-ancestors"] == "'none'"
    assert allowed["connect-src"] == "'self' wss://talk.example"


@pytest.mark.asvs("3.4.6")
def test_only_a_page_that_says_so_holds_a_frame_or_is_held_in_one() -> None:
    """Requirement 29 of docs/safety.md: frames of our own, in pages of our own, and nowhere else."""
    plain = policy("public")
    holds, held = (framing_policy(OURS, NEUTRAL, part=part).split("; ") for part in ("holds", "held"))

    assert "frame-src" not in plain
    assert {"frame-src 'self'", "frame-ancestors 'none'"} <= set(holds)
    assert "frame-ancestors 'self'" in held
    assert not any(directive.startswith("frame-src") for directive in held)
    for directive in ("default-src", "script-src", "form-action", "base-uri"):
        assert f"{directive} {plain[directive]}" in holds
        assert f"{directive} {plain[directive]}" in held


def test_an_exit_form_may_be_sent_on_to_the_neutral_sites() -> None:
    """Requirement 12 of docs/safety.md."""
    assert policy("public")["form-action"] == "'self' https://meteo.example https://weather.example"


@pytest.mark.asvs("3.4.7")
@pytest.mark.parametrize("face", ["public", "desk"])
def test_no_report_is_ever_sent(face: Face) -> None:
    """Requirement 30 of docs/safety.md."""
    assert not {"report-uri", "report-to"} & policy(face).keys()
    names = {name for name, _ in security_headers(face, OURS)}
    assert not {b"report-to", b"reporting-endpoints", b"nel"} & names


@pytest.mark.asvs("3.4.5")
def test_the_public_site_sends_no_referrer_and_the_desk_only_to_itself() -> None:
    """Requirements 24 and 29 of docs/safety.md."""
    assert dict(security_headers("public", OURS))[b"referrer-policy"] == b"no-referrer"
    assert dict(security_headers("desk", OURS))[b"referrer-policy"] == b"same-origin"


@pytest.mark.asvs("3.2.2")
def test_the_desk_refuses_text_turned_into_markup() -> None:
    assert policy("desk")["require-trusted-types-for"] == "'script'"


@pytest.mark.asvs("3.4.1")
@pytest.mark.parametrize("face", ["public", "desk"])
def test_a_browser_is_told_to_come_back_over_tls_only_where_there_is_tls(face: Face) -> None:
    """Requirement 39 of docs/safety.md."""
    assert b"strict-transport-security" in dict(security_headers(face, OURS))
    assert b"strict-transport-security" not in dict(security_headers(face, "http://127.0.0.1:8000"))


@pytest.mark.asvs("3.4.4", "3.4.8")
def test_the_other_headers_stand() -> None:
    """Requirement 29 of docs/safety.md."""
    headers = dict(security_headers("public", OURS))

    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cross-origin-opener-policy"] == b"same-origin"
    for sensor in (b"camera=()", b"microphone=()", b"geolocation=()"):
        assert sensor in headers[b"permissions-policy"]


def test_a_websocket_has_the_same_host_and_port() -> None:
    assert websocket_origin("https://talk.example") == "wss://talk.example"
    assert websocket_origin("http://127.0.0.1:8000") == "ws://127.0.0.1:8000"
