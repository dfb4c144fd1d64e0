"""The chat's site map: its lines, its pages, and the work it does in the background."""

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from chat.apart import SWEEPS_EVERY_S
from chat.board import Board
from chat.boundaries import Holding
from chat.calling import Calling
from chat.canary import Canary
from chat.canary_hand import DOOR, serve_hand
from chat.cards import Speech
from chat.carrying import Carrying
from chat.comeback import Comebacks
from chat.doorway import Doorway
from chat.duty import Duty
from chat.echo import Echo
from chat.errands import Errands
from chat.going import Going
from chat.handing import Handing
from chat.pages import (
    back as back_pages,
    board as board_pages,
    calling as calling_pages,
    closed as closed_pages,
    desk as desk_pages,
    desk_record as desk_record_pages,
    handover as handover_pages,
    left as left_pages,
    outlive as outlive_pages,
    pocket as pocket_pages,
    tongue as tongue_pages,
    visitor as visitor_pages,
)
from chat.pages.apart import ApartPages
from chat.pages.practice import PracticeDeskPages
from chat.plain.routes import Plain
from chat.poll import routes as poll
from chat.practising import PracticePages, Practising, serve_practice
from chat.relay import Relay
from chat.retention import Sweeper
from chat.shift_notes import ShiftNotes
from chat.sockets.advocate import serve_desk
from chat.sockets.board import serve_board
from chat.sockets.guest import serve_guest
from chat.sockets.shares import Shares
from chat.sockets.visitor import serve_visitor
from chat.unanswered import Unanswered
from chat.unclaimed import Unclaimed
from chat.visits import Visits
from portal.ids import from_text
from portal.section import Section
from portal.services import Services
from portal.store.valkey import ValkeyAway


def section(services: Services) -> Section:
    """The chat's part of the house; registers what becomes of a conversation when its visitor leaves the site."""
    relay, errands = Relay(services), Errands()
    board = Board(relay, services)
    visitor_shares = Shares(lambda who: services.tally.count_once("drops_visitor", who))
    desk_shares = Shares(lambda who: services.tally.count_once("drops_desk", who))
    visits = Visits(relay, errands, services)

    services.is_holding = relay.desk.is_holding
    services.is_on_duty = relay.shifts.is_on_duty
    services.let_in = Holding(relay).let_in
    carrying = Carrying(relay, services.pages.catalogue)
    services.carriers.held, services.carriers.say = carrying.held, carrying.say
    services.go_off = Going(Duty(relay, services), relay).go_off

    async def visitor_line(websocket: WebSocket) -> None:
        await serve_visitor(websocket, relay, errands, services, visitor_shares)

    async def desk_line(websocket: WebSocket) -> None:
        await serve_desk(websocket, relay, errands, services, desk_shares)

    async def guest_line(websocket: WebSocket) -> None:
        await serve_guest(websocket, relay, errands, services, desk_shares)

    async def board_line(websocket: WebSocket) -> None:
        await serve_board(websocket, relay, errands, services, desk_shares, board)

    async def leave(token: str) -> None:
        """Quick exit: destroy her side of the conversation this tab token opens; other tokens mean nothing here."""
        try:
            raw = from_text(token, 32)
        except ValueError:
            return
        try:
            await errands.finish(relay.leave_by_token(raw))
        except ValkeyAway:
            # She is gone and cannot ask again: the house does, for as long as a store needs to come back.
            errands.keep_trying(lambda: relay.leave_by_token(raw))

    services.leaving.register(leave)
    services.sealed_in_stores["chat"] = ShiftNotes(services).seal_again
    canary, practising = Canary(services), Practising(services)
    services.is_unheard = lambda: canary.is_unheard
    services.leaving.register(practising.leave)
    services.send_sample = practising.visitors.send

    async def hand_line(websocket: WebSocket) -> None:
        await serve_hand(websocket, canary.apart)

    async def practice_line(websocket: WebSocket) -> None:
        await serve_practice(websocket, practising)

    comebacks = Comebacks(relay)
    doorway = Doorway(services)
    services.leaving.register(doorway.leave)
    services.between.talk_from = doorway.from_note
    closed = closed_pages.ClosedPages(services, errands, doorway)
    plain = Plain(services, relay, errands, visits, comebacks, doorway)
    back = back_pages.BackPages(services, comebacks, errands, plain.door.address_back)
    services.leaving.register(back.leave)
    services.leaving.register(plain.cover.leave)
    left = left_pages.LeaveWords(services, relay, errands, visits, plain.door.address_again, plain.door.address_over)
    outliving = outlive_pages.Outliving(services, comebacks, errands, visits, plain.number_again)
    calling = Calling(services, relay, Handing(relay))
    calls = calling_pages.CallingPages(services, calling, errands, visits, plain.digits)
    door = plain.door
    tongue = tongue_pages.Tongue(services, relay, errands, visits, plain=door.address_again, live=door.address_moved)
    return Section(
        public=[
            WebSocketRoute("/line/talk", visitor_line),
            *poll.routes(relay, errands, visits, Speech(services.pages.catalogue)),
            *back_pages.routes(back),
            *left_pages.routes(left),
            *closed_pages.routes(closed),
            *outlive_pages.routes(outliving),
            *calling_pages.routes(calls),
            *tongue_pages.routes(tongue),
            *visitor_pages.routes(services, plain.outer.start, closed, doorway),
            *ApartPages(canary.apart, DOOR, "chat/talk.html").routes(),
            *PracticePages(practising).routes(),
            # Last: what is no word of ours behind `talk/` is a pass.
            *plain.routes(),
        ],
        desk=[
            WebSocketRoute("/line/desk", desk_line),
            WebSocketRoute("/line/guest", guest_line),
            WebSocketRoute(f"/line/desk/{canary.apart.name}", hand_line),
            WebSocketRoute(f"/line/desk/{practising.apart.name}", practice_line),
            *PracticeDeskPages(services, practising).routes(),
            WebSocketRoute("/line/board", board_line),
            *desk_pages.routes(services),
            *desk_record_pages.routes(services, relay, errands),
            *pocket_pages.routes(services, relay),
            *board_pages.routes(board),
            *handover_pages.HandoverPages(services).routes(),
        ],
        background=[
            errands.run,
            relay.kindling.watch.run,
            Sweeper(relay).run,
            Unclaimed(relay, services).run,
            Unanswered(relay, services).run,
            Echo(relay, services).run,
            canary.run,
            *canary.apart.background,
            *practising.apart.background,
            practising.visitors.run,
            Sweeper(practising.apart.relay, SWEEPS_EVERY_S).run,
        ],
    )
