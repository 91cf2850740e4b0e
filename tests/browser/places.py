"""Every page of the application, by its route of `tests/web/routes.txt`, and the addresses that a test opens.

A new route is written down here, either as a page or as something that is no page. `{business}` and the like are ids of
the region (`regions.make_region`). The names are those of the screenshots.
"""

from tests.web.test_routes import LIST

PAGES: dict[str, dict[str, str]] = {
    "/": {"home": "/"},
    "/account": {"account": "/account"},
    "/account/confirm": {"account-confirm": "/account/confirm?next=/users/add"},
    "/agencies": {"agencies": "/agencies"},
    "/agencies/<agency_id>": {"agency": "/agencies/{agency}", "agency-other": "/agencies/{other_agency}"},
    "/agencies/<agency_id>/edit": {"agency-edit": "/agencies/{agency}/edit"},
    "/agencies/<agency_id>/programs/add": {"program-add": "/agencies/{agency}/programs/add"},
    "/agencies/programs/<program_id>/edit": {"program-edit": "/agencies/programs/{program}/edit"},
    "/agreements": {"agreements": "/agreements"},
    "/agreements/<agreement_id>": {
        "agreement": "/agreements/{agreement}",
        "agreement-proposed": "/agreements/{proposal}",
        "agreement-begun": "/agreements/{begun}",
    },
    "/agreements/<agreement_id>/knocks": {"agreement-knocks": "/agreements/{begun}/knocks?side=since"},
    "/agreements/new": {
        "agreement-new": "/agreements/new?business={business}&agencies={agency},{other_agency}&name=Shared+lead",
    },
    "/businesses/<business_id>": {"business": "/businesses/{business}", "business-quiet": "/businesses/{quiet}"},
    "/coverage": {"coverage": "/coverage", "coverage-none": "/coverage?place=nowhere"},
    "/coverage/businesses": {
        "coverage-businesses": "/coverage/businesses?agency=Alder River Workforce Board",
        "coverage-untouched": "/coverage/businesses?show=untouched",
    },
    "/coverage/people": {"coverage-people": "/coverage/people"},
    "/firms": {"firms": "/firms"},
    "/firms/<firm_id>": {"firm": "/firms/{firm}"},
    "/firms/add": {"firm-add": "/firms/add?business={business}"},
    "/imports": {"imports": "/imports"},
    "/imports/<import_id>": {"import": "/imports/{import}", "import-undone": "/imports/{undone}"},
    "/imports/<import_id>/rows": {
        "import-rows": "/imports/{import}/rows",
        "import-rows-none": "/imports/{import}/rows?what=changed",
    },
    "/imports/<import_id>/leaning": {
        "import-leaning": "/imports/{leant}/leaning",
        "import-leaning-none": "/imports/{import}/leaning?what=decisions",
    },
    "/imports/<import_id>/undo": {"import-undo": "/imports/{import}/undo"},
    "/imports/uploads/<upload_id>": {
        "upload-preview": "/imports/uploads/{preview}",
        "upload-names": "/imports/uploads/{names}",
        "upload-clues": "/imports/uploads/{clues}",
        "upload-files": "/imports/uploads/{several}",
        "upload-looking": "/imports/uploads/{looking}",
        "upload-importing": "/imports/uploads/{importing}",
        "upload-whole-list": "/imports/uploads/{whole}",
        "upload-paused": "/imports/uploads/{paused}",
        "upload-cancelled": "/imports/uploads/{cancelled}",
        "upload-done": "/imports/uploads/{both}",
    },
    "/imports/uploads/<upload_id>/files/<int:n>/<any(refused, remarks, 'left-out'):part>": {
        "upload-refused": "/imports/uploads/{preview}/files/0/refused",
        "upload-remarks": "/imports/uploads/{preview}/files/0/remarks",
    },
    "/imports/uploads/<upload_id>/files/<int:n>/names/<int:place>": {
        "upload-find-name": "/imports/uploads/{names}/files/0/names/0?q=tern",
        "upload-find-name-none": "/imports/uploads/{names}/files/0/names/1?q=qqqqqqq",
    },
    "/imports/uploads/<upload_id>/files/<int:n>/rows": {
        "upload-rows": "/imports/uploads/{preview}/files/0/rows",
        "upload-rows-new": "/imports/uploads/{preview}/files/0/rows?what=new&q=a",
        "upload-rows-none": "/imports/uploads/{preview}/files/0/rows?what=changed",
    },
    "/imports/uploads/<upload_id>/files/<int:n>/lacking": {
        "upload-lacking": "/imports/uploads/{whole}/files/0/lacking"
    },
    "/imports/uploads/<upload_id>/files/<int:n>": {
        "upload-columns": "/imports/uploads/{columns}/files/0",
        "upload-words": "/imports/uploads/{words}/files/0",
    },
    "/knocks": {"knocks": "/knocks", "knocks-none": "/knocks?from=2019-01-01&to=2019-02-01"},
    "/knocks/asked-twice": {"knocks-asked-twice": "/knocks/asked-twice"},
    "/knocks/blanks": {"knocks-blanks": "/knocks/blanks"},
    "/knocks/businesses": {"knocks-businesses": "/knocks/businesses"},
    "/knocks/businesses/<business_id>": {
        "knocks-business": "/knocks/businesses/{business}",
        "knocks-business-none": "/knocks/businesses/{quiet}",
    },
    "/knocks/mine": {"knocks-mine": "/knocks/mine", "knocks-mine-none": "/knocks/mine?from=2019-01-01&to=2019-02-01"},
    "/knocks/mine/<any(holds, visits, referrals, redundant):what>": {
        "knocks-mine-holds": "/knocks/mine/holds?whose=agency",
        "knocks-mine-redundant": "/knocks/mine/redundant?whose=agency",
        "knocks-mine-list-none": "/knocks/mine/visits?from=2019-01-01&to=2019-02-01",
    },
    "/knocks/untouched": {"knocks-untouched": "/knocks/untouched"},
    "/log": {"log": "/log", "log-business": "/log?business={business}"},
    "/packs": {"pack": "/packs?own=yes", "pack-workshop": "/packs?workshop={workshop}"},
    "/people/<person_id>": {"person": "/people/{person}"},
    "/quality": {"quality": "/quality", "quality-none": "/quality?kind=person"},
    "/quality/pairs": {"quality-pairs": "/quality/pairs"},
    "/quality/thresholds": {"quality-trial": "/quality/thresholds?join=400&ask=-400"},
    "/review": {"review": "/review", "review-sites": "/review?kind=sites"},
    "/review/<pair>": {"review-open": "/review/{pair}", "review-decided": "/review/{decided}"},
    "/review/decisions": {"review-decisions": "/review/decisions"},
    "/search": {
        "search": "/search",
        "search-found": "/search?q=machine",
        "search-people": "/search?kind=people",
        "search-nothing": "/search?q=qqqqqqq&place=x",
    },
    "/styleguide/": {"styleguide": "/styleguide/"},
    "/tables": {"tables": "/tables", "tables-none": "/tables?as_of=2015-01-01"},
    "/tables/<table_id>": {"table": "/tables/{table}", "table-own": "/tables/{own_table}"},
    "/tables/<table_id>/meetings/add": {"table-meeting": "/tables/{own_table}/meetings/add"},
    "/tables/<table_id>/seats/add": {"table-seat": "/tables/{own_table}/seats/add"},
    "/tables/seats/<seat_id>/end": {"table-seat-end": "/tables/seats/{seat}/end"},
    "/tables/calendar": {"tables-calendar": "/tables/calendar"},
    "/tables/merge": {
        "tables-merge": "/tables/merge",
        "tables-merged": "/tables/merge?table={table}&table={other_table}",
    },
    "/tables/overlaps": {"tables-overlaps": "/tables/overlaps"},
    "/tables/overlaps/<a>/<b>": {"tables-pair": "/tables/overlaps/{table}/{other_table}"},
    "/tables/register": {"tables-register": "/tables/register"},
    "/tables/seats": {"tables-seats": "/tables/seats"},
    "/touchpoints/<touchpoint_id>": {
        "contact": "/touchpoints/{touchpoint}",
        "contact-planned": "/touchpoints/{planned}",
    },
    "/touchpoints/<touchpoint_id>/edit": {"contact-edit": "/touchpoints/{touchpoint}/edit"},
    "/visits/new": {"visit-new": "/visits/new?business={quiet}", "visit-new-blank": "/visits/new"},
    "/users/": {"users": "/users/"},
    "/users/<user_id>": {"user": "/users/{member}", "user-own": "/users/{user}"},
    "/users/add": {"user-add": "/users/add"},
    "/workshops": {"workshops": "/workshops"},
    "/workshops/<workshop_id>": {"workshop": "/workshops/{workshop}", "workshop-ended": "/workshops/{ended}"},
    "/workshops/<workshop_id>/me": {
        "workshop-me": "/workshops/{workshop}/me",
        "workshop-me-ended": "/workshops/{ended}/me",
    },
    "/workshops/<workshop_id>/wall": {
        f"workshop-wall-{step}": f"/workshops/{{workshop}}/wall?step={step}" for step in range(9)
    },
    "/workshops/join": {"workshop-join": "/workshops/join"},
    "/workshops/new": {"workshop-new": "/workshops/new"},
    "/whatif": {
        "whatif": "/whatif",
        "whatif-compared": "/whatif?a={agency},{other_agency}&b={agency},{other_agency}&sector_b=Health+care",
        "whatif-knocks": "/whatif?a={agency},{other_agency}&list=knocks",
    },
}

ERRORS = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)
ERROR_PAGES: dict[str, dict[str, str]] = {
    "/styleguide/errors/<int:status>": {
        f"error-{status}": f"/styleguide/errors/{status}?message=What the server itself has to say about it, in words."
        for status in ERRORS
    }
}
# Only for those who are not signed in; the set-up only while nobody can sign in.
STRANGERS_PAGES: dict[str, dict[str, str]] = {"/sign-in": {"sign-in": "/sign-in"}, "/setup": {"setup": "/setup"}}

# Redirects, downloads, data, and the parts of pages that htmx loads.
NO_PAGES: dict[str, str] = {
    "/agencies/own": "/agencies/own",
    "/api/v1/agencies": "/api/v1/agencies",
    "/agreements/<agreement_id>/knocks.<any(csv, xlsx):form>": "/agreements/{begun}/knocks.csv",
    "/api/v1/agreements": "/api/v1/agreements",
    "/api/v1/agreements/<agreement_id>": "/api/v1/agreements/{agreement}",
    "/api/v1/businesses": "/api/v1/businesses",
    "/api/v1/businesses/<business_id>": "/api/v1/businesses/{business}",
    "/api/v1/businesses/<business_id>/light": "/api/v1/businesses/{business}/light",
    "/api/v1/coverage": "/api/v1/coverage",
    "/api/v1/firms": "/api/v1/firms",
    "/api/v1/firms/<firm_id>": "/api/v1/firms/{firm}",
    "/api/v1/imports": "/api/v1/imports",
    "/api/v1/imports/<import_id>": "/api/v1/imports/{import}",
    "/api/v1/jobs/<job_id>": "/api/v1/jobs/{job}",
    "/api/v1/judgements": "/api/v1/judgements",
    "/api/v1/judgements/conflicts": "/api/v1/judgements/conflicts",
    "/api/v1/knocks": "/api/v1/knocks",
    "/api/v1/knocks/asked-twice": "/api/v1/knocks/asked-twice",
    "/api/v1/knocks/businesses/<business_id>": "/api/v1/knocks/businesses/{business}",
    "/api/v1/me": "/api/v1/me",
    "/api/v1/openapi.json": "/api/v1/openapi.json",
    "/api/v1/pack": "/api/v1/pack",
    "/api/v1/people/<person_id>": "/api/v1/people/{person}",
    "/api/v1/quality": "/api/v1/quality",
    "/api/v1/quality/thresholds": "/api/v1/quality/thresholds?join=200&ask=-150",
    "/api/v1/tables": "/api/v1/tables",
    "/api/v1/tables/<table_id>": "/api/v1/tables/{table}",
    "/api/v1/tables/calendar": "/api/v1/tables/calendar",
    "/api/v1/tables/merge": "/api/v1/tables/merge?table={table};{other_table}",
    "/api/v1/touchpoints/<touchpoint_id>": "/api/v1/touchpoints/{touchpoint}",
    "/api/v1/whatif": "/api/v1/whatif?agreement={agency},{other_agency}",
    "/api/v1/reviews": "/api/v1/reviews",
    "/api/v1/reviews/<pair>": "/api/v1/reviews/{pair}",
    "/businesses": "/businesses",
    "/coverage/<name>.<any(csv, xlsx):form>": "/coverage/agencies.csv",
    "/healthz": "/healthz",
    "/imports/<import_id>/progress": "/imports/{import}/progress",
    "/imports/<import_id>/original": "/imports/{import}/original",
    "/imports/<import_id>/refused.csv": "/imports/{import}/refused.csv",
    "/imports/templates/<kind>.csv": "/imports/templates/touchpoints.csv",
    "/imports/uploads/<upload_id>/files/<int:n>/refused.csv": "/imports/uploads/{preview}/files/0/refused.csv",
    "/imports/uploads/<upload_id>/files/<int:n>/rows.<any(csv, xlsx):form>": (
        "/imports/uploads/{preview}/files/0/rows.xlsx"
    ),
    "/imports/uploads/<upload_id>/next": "/imports/uploads/{columns}/next",
    "/imports/uploads/<upload_id>/progress": "/imports/uploads/{looking}/progress",
    "/knocks/<name>.<any(csv, xlsx):form>": "/knocks/businesses.csv",
    "/api/v1/credit": "/api/v1/credit",
    "/knocks/mine/<any(overview, holds, visits, referrals, redundant):what>.<any(csv, xlsx):form>": (
        "/knocks/mine/overview.csv"
    ),
    "/knocks/businesses/<business_id>/knocks.<any(csv, xlsx):form>": "/knocks/businesses/{business}/knocks.xlsx",
    "/packs/pack.<any(pdf, xlsx):form>": "/packs/pack.pdf",
    "/quality/progress": "/quality/progress",
    "/readyz": "/readyz",
    "/review/next": "/review/next",
    "/review/waiting": "/review/waiting",
    "/search/<any(businesses, people):kind>.<any(csv, xlsx):form>": "/search/people.csv",
    "/search/known": "/search/known?new_person=Ines+Orr",
    "/search/pick": "/search/pick?business_id_text=machine",
    "/search/suggest": "/search/suggest?q=machine",
    "/static/<path:filename>": "/static/crm.css",
    "/styleguide/pick": "/styleguide/pick?business_text=re",
    "/styleguide/progress": "/styleguide/progress",
    "/styleguide/suggest": "/styleguide/suggest?q=re",
    "/tables/<name>.<any(csv, xlsx):form>": "/tables/register.csv",
    "/tables/<table_id>/<any(members, meetings):name>.<any(csv, xlsx):form>": "/tables/{table}/members.csv",
    "/whatif/<any(leads, knocks):name>.<any(csv, xlsx):form>": "/whatif/leads.csv?a={agency},{other_agency}",
    "/touchpoints/people": "/touchpoints/people?business_id={business}",
    "/workshops/<workshop_id>/businesses/<mark>": "/workshops/{workshop}/businesses/{mark}",
    "/workshops/<workshop_id>/state": "/workshops/{workshop}/state",
}


def list_get_routes() -> set[str]:
    """The routes that answer GET. A converter may hold spaces, so a line is read from its end."""
    lines = (line.removesuffix(" confirmed").removesuffix(" upload") for line in LIST.read_text().splitlines())
    return {route for route, methods, _ in (line.rsplit(" ", 2) for line in lines) if "GET" in methods.split(",")}
