"""The site map of the tip room."""

from starlette.routing import Route

from portal.section import Section
from portal.services import Services
from portal.staff.guard import desk_page
from portal.staff.rights import Right
from tips.access import Doors
from tips.carrying import Carrying
from tips.crowd.digest import Digest
from tips.crowd.door import FilingDoor
from tips.crowd.signs import Lookout
from tips.crowd.tally import Tally
from tips.crowd.together import Together
from tips.drafts import Drafts
from tips.files.book import FilesBook
from tips.files.freezing import Freezing
from tips.files.redrawing import Redrawing
from tips.files.showing import Showing
from tips.files.stripping import Stripping
from tips.files.sweep import Sweep
from tips.files.switching import Switching
from tips.files.uploads import Uploads
from tips.files.withdrawing import Withdrawing
from tips.followup import FollowUp
from tips.inbox import Listing
from tips.intake import Intake
from tips.links.linking import Linking
from tips.pages.behind import Behind
from tips.pages.checking import CheckingPages
from tips.pages.crowd import CrowdPages
from tips.pages.desk import DeskPages
from tips.pages.desk_files import DeskFilePages
from tips.pages.desk_labels import LabelPages
from tips.pages.desk_phone import PhonePages
from tips.pages.desk_report import ReportPages
from tips.pages.desk_stay import StayPages
from tips.pages.desk_translation import TranslationPages
from tips.pages.desk_work import WorkPages, asks_why
from tips.pages.files import FilePages
from tips.pages.inbox import InboxPages
from tips.pages.keeping import KeepingPages
from tips.pages.linking import LinkingPages
from tips.pages.reporter import ReporterPages
from tips.pages.returning import ReturningPages
from tips.pages.telling import TellingPages
from tips.report.files import Files as ReportFiles
from tips.report.printing import Printing
from tips.report.reporting import Reporting
from tips.retention import Retention
from tips.review import Review
from tips.rewraps import sources
from tips.search import Search
from tips.shelf_keeping import ShelfKeeping
from tips.shelving import Shelving
from tips.staying.holding import Holding
from tips.staying.purging import Purge
from tips.talking import Talking
from tips.translating import Translating
from tips.work.acts import Working
from tips.work.book import Book
from tips.work.for_cases import ForCases
from tips.work.openings import Openings
from tips.work.phone import PhoneEntry
from tips.workroom import Workroom


def section(services: Services) -> Section:
    """The form and the way back on the public face, the inbox on the desk's, and the sweep behind both."""
    doors, retention, door = Doors(services), Retention(services), FilingDoor()
    drafts, checking, intake = Drafts(services), CheckingPages(services), Intake(services, doors)
    talking = Talking(services, doors, Book(services, doors))
    behind = Behind(services, drafts)
    reporter = ReporterPages(services, intake, doors, door, behind, checking, talking)
    follow_up = FollowUp(services, retention, door)
    book, freezing = FilesBook(services.database, services.staff.folder), Freezing(services, doors, retention)
    stripping = Stripping()
    uploads = Uploads(services, book, retention, stripping)
    files = FilePages(
        services, doors, uploads, Redrawing(services, uploads, retention), Withdrawing(services, uploads, retention)
    )
    showing = Showing(services, doors, freezing)
    desk_files = DeskFilePages(services, book, showing, freezing, Switching(services, book, stripping))
    returning = ReturningPages(services, follow_up, doors, files)
    telling = TellingPages(services, follow_up, doors)
    workroom = Workroom()
    listing, keeping = Listing(services, doors, workroom), ShelfKeeping(services, Shelving(services, doors, workroom))
    desk_book = Book(services, doors)
    holding = Holding(services, doors, desk_book, retention)
    stay = StayPages(services, listing, holding)
    review, together = Review(services, doors, desk_book), Together(services, doors, desk_book)
    services.carriers.reply = Carrying(review).reply
    tally = Tally(services)
    digest = Digest(services, tally)
    lookout = Lookout(services, tally, digest)
    search, linking = Search(services, doors, workroom, listing), Linking(services, doors, desk_book, review)
    inbox = InboxPages(services, listing, search, keeping, together, lookout, Openings(services))
    working = Working(services, doors, desk_book)
    work, house_labels = WorkPages(services, working), LabelPages(services)
    by_phone = PhonePages(services, intake, PhoneEntry(intake, working))
    translation = TranslationPages(services, Translating(services, review))
    desk = DeskPages(services, review, listing, desk_files, work, holding, linking, translation)
    many = CrowdPages(services, listing, review, together)
    reporting = Reporting(services, doors, desk_book, review)
    reports = ReportPages(services, reporting, ReportFiles(services.pages.catalogue, Printing()))
    services.leaving.register(behind.leave)
    services.leaving.register(drafts.forget)
    services.leave_note = reporter.leave_words
    services.tip_for_case = ForCases(services, doors).facts
    services.sources.update((source.name, source) for source in sources())
    between = services.between
    between.name_of, between.forget, between.talked = talking.name_of, talking.forget, talking.talked
    services.leaving.register(returning.leave)
    both = ["GET", "POST"]
    return Section(
        public=[
            Route("/{lang}/note", reporter.note, methods=both),
            Route("/{lang}/note/again", reporter.note, methods=["GET"]),
            Route("/{lang}/note/job", reporter.note, methods=["GET"]),
            Route("/{lang}/note/keep", KeepingPages(services, drafts).keep, methods=both),
            Route("/{lang}/note/same", checking.check, methods=both),
            Route("/{lang}/note/back", returning.back, methods=both),
            Route("/{lang}/note/back/more", returning.more, methods=both),
            Route("/{lang}/note/back/item", files.item, methods=both),
            Route("/{lang}/note/back/{key}", returning.after, methods=["GET"]),
            Route("/{lang}/note/more", telling.more, methods=both),
            Route("/{lang}/note/more/{key}", telling.after, methods=["GET"]),
            Route("/{lang}/note/{key}", reporter.after, methods=["GET"]),
        ],
        desk=[
            # Without a right of its own: somebody whose keys do not open tips still sees how many there are.
            Route("/desk/tips", desk_page(inbox.inbox), methods=["GET"]),
            Route("/desk/tips/choose", desk_page(inbox.choose, Right.READ_TIPS), methods=["POST"]),
            Route("/desk/tips/chosen/{key}", desk_page(inbox.chosen, Right.READ_TIPS), methods=["GET"]),
            *by_phone.routes(),
            *house_labels.routes(),
            Route("/desk/tips/{id}", desk_page(desk.tip, Right.READ_TIPS), methods=["GET"]),
            Route("/desk/tips/{id}/reply", desk_page(desk.reply, Right.ANSWER_TIPS), methods=["POST"]),
            Route("/desk/tips/{id}/status", desk_page(desk.status, Right.ANSWER_TIPS), methods=["POST"]),
            Route("/desk/tips/{id}/after/{note}", desk_page(desk.tip, Right.READ_TIPS), methods=["GET"]),
            *work.routes(),
            *desk_files.routes(),
            *stay.routes(),
            *many.routes(),
            *asks_why(reports.routes()),
            *asks_why(translation.routes()),
            *LinkingPages(services, linking, listing, search).routes(),
        ],
        background=[
            retention.sweep,
            keeping.run,
            behind.run,
            listing.older.run,
            Sweep(services, retention).run,
            Purge(services, retention).run,
            digest.run,
        ],
    )
