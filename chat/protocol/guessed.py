"""What her page is told where her words look like another language than its own."""

from chat.protocol.kinds import Frame


class TongueGuessed(Frame, frozen=True, kw_only=True, tag=True):
    """Her words look like another language than her page's: to be said once, in that language. It switches nothing."""

    tag: str
    ask: str  # whether it is that language
    show: str  # on the tap that shows the page in it
    no: str
