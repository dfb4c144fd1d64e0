"""What a finger on a page of Firefox meets, and how it gets there."""

from __future__ import annotations

from typing import Any

INTO_VIEW = """each => {
    const before = each.getBoundingClientRect().top;
    each.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    return each.getBoundingClientRect().top !== before;
}"""
MET = """
    const box = each.getClientRects()[0];
    const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
    const met = box && document.elementFromPoint(
        middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
"""
# What a finger would meet in its place: empty where that is the element, what stands in it, or what it stands in.
COVERED_BY = f"""each => {{ {MET}
    const isMet = !met || each.contains(met) || met.contains(each) || met.closest("label")?.control === each;
    return isMet ? "" : met.outerHTML.slice(0, 200);
}}"""
# What the finger that hovers there has really met: known to the browser's own process, which steers it.
IS_UNDER_THE_FINGER = f"""each => {{ {MET}
    return !met || [...document.querySelectorAll(":hover")].pop() === met;
}}"""
INTO_THE_MIDDLE = "each => { each.scrollIntoView({ block: 'center', behavior: 'instant' }); }"
# The page knows at once that it has scrolled; what a finger meets is known by another process, frames later, and on a
# machine with much to do a good while later: before it presses, the finger feels what it lies on.
SCROLL_SETTLES_S = 0.15
SCROLLS = 5


def finger(*acts: dict[str, Any]) -> dict[str, Any]:
    """What one finger does, in its order."""
    return {"type": "pointer", "id": "finger", "actions": list(acts)}
