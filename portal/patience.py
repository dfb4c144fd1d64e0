"""Sets a limit to how long one waits for the next piece of a body."""

import asyncio

from starlette.types import Message, Receive

NEXT_PIECE_WITHIN = 30.0


def patient(receive: Receive, limit: float = NEXT_PIECE_WITHIN) -> Receive:
    """``receive`` with a limit on each piece of the body; a sender that stops counts as gone.

    After the last piece there is no limit: an answer that takes long may wait for the browser to hang up.
    """
    is_whole = False

    async def next_message() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            async with asyncio.timeout(limit):
                message = await receive()
        except TimeoutError:
            is_whole = True
            return {"type": "http.disconnect"}
        is_whole = not message.get("more_body", False)
        return message

    return next_message
