"""Calendars (iCalendar) as rows under the headings of Outlook's export of a calendar, one for each time an event took
place.

Days and times are those of the clock where the event was entered. An event that recurs becomes a row for each time up
to the last day that the file itself speaks of, so that the same file always gives the same rows; an event that was
moved or changed once has that once as it became.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from importers.child_limits import Numbered
from importers.content_lines import ContentLine, read_content_lines, split_value, unescape

HEADINGS = (
    "Subject", "Start Date", "Start Time", "End Date", "End Time", "All day event", "Meeting Organizer",
    "Organizer E-mail", "Required Attendees", "Optional Attendees", "Meeting Resources", "Attendee E-mails",
    "Categories", "Description", "Location", "Priority", "Private", "Sensitivity", "Show time as", "Status", "Id",
    "More",
)  # fmt: skip
MOST_TIMES = 1_000  # of one event
SENSITIVITY = {"PUBLIC": "Normal", "PRIVATE": "Private", "CONFIDENTIAL": "Confidential"}
TEXTS = {"SUMMARY": "Subject", "DESCRIPTION": "Description", "LOCATION": "Location", "PRIORITY": "Priority"}
UNREAD = {
    "BEGIN", "END", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "UID", "DTSTART", "DTEND", "DURATION", "RRULE",
    "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "TRANSP", "ORGANIZER", "ATTENDEE", "CATEGORIES", "CLASS", "STATUS",
    "X-ALT-DESC", "ATTACH", "ACTION", "TRIGGER",
}  # fmt: skip


@dataclass
class Event:
    """One component of the calendar."""

    line: int
    lines: list[ContentLine] = field(default_factory=list)

    def find(self, name: str) -> ContentLine | None:
        return next((line for line in self.lines if line.name == name), None)

    def text(self, name: str) -> str:
        found = self.find(name)
        return unescape(found.value).strip() if found else ""


@dataclass
class Calendar:
    """What a file of calendars holds; `last` is the last moment that it speaks of, `others` count what is no event."""

    events: list[Event] = field(default_factory=list)
    zone: tzinfo | None = None
    last: datetime | None = None
    others: dict[str, int] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)


def read_calendar(data: bytes, region: str = "") -> tuple[list[Numbered], list[str]]:
    """The rows, each with the line on which its event begins, and what is worth saying about them.

    `region` is the name of the time zone in which times in UTC are told where the calendar names none.
    """
    calendar = _parse(data, _find_zone(region) if region else None)
    changed = {(event.text("UID"), _moment(calendar, event.find("RECURRENCE-ID"))) for event in calendar.events}
    rows = [row for event in calendar.events for row in _write_times(calendar, event, changed)]
    words = {"VTODO": "to-do", "VJOURNAL": "journal entry", "VFREEBUSY": "time when somebody is busy"}
    for kind, count in calendar.others.items():
        calendar.notes[f"Only the events of the calendar are read; it also holds: {words[kind]} ({count:,})."] = None
    return rows, list(calendar.notes)


def _parse(data: bytes, region: tzinfo | None) -> Calendar:
    calendar = Calendar()
    stack: list[str] = []
    event: Event | None = None
    for line in read_content_lines(data):
        kind = line.value.strip().upper()
        if line.name == "BEGIN":
            stack.append(kind)
            if kind == "VEVENT":
                event = Event(line.line)
                calendar.events.append(event)
            elif kind in ("VTODO", "VJOURNAL", "VFREEBUSY"):
                calendar.others[kind] = calendar.others.get(kind, 0) + 1
        elif line.name == "END":
            if kind in stack:
                del stack[len(stack) - 1 - stack[::-1].index(kind) :]
            event = None if kind == "VEVENT" else event
        elif event is not None and stack[-1:] == ["VEVENT"]:
            event.lines.append(line)
        elif line.name == "X-WR-TIMEZONE" or (line.name == "TZID" and calendar.zone is None):
            calendar.zone = _find_zone(line.value.strip()) or calendar.zone
    calendar.zone = calendar.zone or region
    for event in calendar.events:
        for name in ("DTSTART", "DTSTAMP", "CREATED", "LAST-MODIFIED"):
            moment = _moment(calendar, event.find(name), told=name == "DTSTART")
            if moment and (calendar.last is None or moment > calendar.last):
                calendar.last = moment
    return calendar


def _find_zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a name of its own, such as "Eastern Standard Time"
        return None


def _moment(calendar: Calendar, line: ContentLine | None, *, told: bool = False) -> datetime | None:
    """The clock's day and time, without a zone: UTC becomes the calendar's zone where it says one."""
    if line is None:
        return None
    text = line.value.strip().rstrip("Zz")
    for pattern in ("%Y%m%dT%H%M%S", "%Y%m%d", "%Y%m%dT%H%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"):
        try:
            moment = datetime.strptime(text, pattern)
        except ValueError:
            continue
        if line.value.strip()[-1:] in "Zz" and len(text) > len("20260305"):
            if calendar.zone:
                return moment.replace(tzinfo=UTC).astimezone(calendar.zone).replace(tzinfo=None)
            if told:
                calendar.notes["Some times are given in UTC, and the calendar does not say where it was kept."] = None
        return moment
    return None


def _is_day(line: ContentLine) -> bool:
    return line.first("VALUE").upper() == "DATE" or "T" not in line.value.upper()


def _write_times(calendar: Calendar, event: Event, changed: set[tuple[str, datetime | None]]) -> Iterator[Numbered]:
    begin = event.find("DTSTART")
    start = _moment(calendar, begin)
    uid = event.text("UID")
    if begin is None or start is None:
        yield event.line, _write(calendar, event, None, None, all_day=False, id=uid)
        return
    all_day = _is_day(begin)
    length = _length(calendar, event, start, all_day=all_day)
    times: Iterable[datetime] = [start]
    recurs = event.find("RRULE") or event.find("RDATE")
    if recurs and not event.find("RECURRENCE-ID"):
        times = [time for time in _list_times(calendar, event, start) if (uid, time) not in changed]
    for time in times:
        many = f"{uid} {time:%Y-%m-%dT%H:%M}" if recurs or event.find("RECURRENCE-ID") else uid
        yield event.line, _write(calendar, event, time, time + length, all_day=all_day, id=many)


def _length(calendar: Calendar, event: Event, start: datetime, *, all_day: bool) -> timedelta:
    """How long it takes; of whole days to the last day itself, where the file names the day after."""
    end = _moment(calendar, event.find("DTEND"))
    if end is None or end < start:
        return timedelta()
    return max(end - start - timedelta(days=1), timedelta()) if all_day else end - start


def _list_times(calendar: Calendar, event: Event, start: datetime) -> list[datetime]:
    """When it took place, in order, up to the last moment of the file."""
    times = rruleset()
    times.rdate(start)
    for line in event.lines:
        if line.name == "RRULE":
            try:
                rule = rrulestr(_without_zone(line.value), dtstart=start)
                if isinstance(rule, rrule):
                    times.rrule(rule)
            except (ValueError, TypeError, KeyError, AttributeError):
                calendar.notes["A rule by which an event recurs could not be read; its first time is read."] = None
        elif line.name in ("RDATE", "EXDATE"):
            for text in line.value.split(","):
                moment = _moment(calendar, ContentLine(line.line, line.name, text.partition("/")[0], line.parameters))
                if moment:
                    (times.rdate if line.name == "RDATE" else times.exdate)(moment)
    last = calendar.last or start
    found = list(islice((time for time in _until(times, last)), MOST_TIMES + 1))
    if len(found) > MOST_TIMES:
        calendar.notes[f"An event recurs more than {MOST_TIMES:,} times; its first {MOST_TIMES:,} are read."] = None
    else:
        calendar.notes[f"Events that recur are read up to {last:%Y-%m-%d}, the last day that the file speaks of."] = (
            None
        )
    return found[:MOST_TIMES]


def _until(times: rruleset, last: datetime) -> Iterator[datetime]:
    for time in times:
        if time > last:
            return
        yield time


def _without_zone(rule: str) -> str:
    """UNTIL is in UTC where the start is not; a day more or less at the end is told by the start's own clock."""
    parts = [part for part in rule.strip().upper().split(";") if part]
    return ";".join(part.rstrip("Z") if part.startswith("UNTIL=") else part for part in parts)


def _write(
    calendar: Calendar, event: Event, start: datetime | None, end: datetime | None, *, all_day: bool, id: str
) -> list[str]:
    cells: dict[str, str] = dict.fromkeys(HEADINGS, "")
    for name, heading in TEXTS.items():
        cells[heading] = event.text(name)
    for moment, word in ((start, "Start"), (end, "End")):
        if moment:
            cells[f"{word} Date"] = moment.date().isoformat()
            cells[f"{word} Time"] = "" if all_day else f"{moment:%H:%M}"
    cells["All day event"] = "True" if all_day else "False"
    sensitivity = event.text("CLASS").upper()
    cells["Private"] = "True" if sensitivity in ("PRIVATE", "CONFIDENTIAL") else "False"
    cells["Sensitivity"] = SENSITIVITY.get(sensitivity, "Normal" if not sensitivity else sensitivity.title())
    cells["Show time as"] = "Free" if event.text("TRANSP").upper() == "TRANSPARENT" else "Busy"
    cells["Status"] = event.text("STATUS").capitalize()
    cells["Id"] = id
    cells["Categories"] = ";".join(
        part for line in event.lines if line.name == "CATEGORIES" for part in split_value(line.value, ",") if part
    )
    _write_people(event, cells)
    more = [f"{line.name}: {unescape(line.value)}" for line in event.lines if line.name not in UNREAD | TEXTS.keys()]
    cells["More"] = "\n".join(text for text in more if not text.startswith("X-"))
    return list(cells.values())


def _write_people(event: Event, cells: dict[str, str]) -> None:
    required: list[str] = []
    optional: list[str] = []
    resources: list[str] = []
    mails: list[str] = []
    for line in event.lines:
        if line.name not in ("ORGANIZER", "ATTENDEE"):
            continue
        mail = line.value.strip()
        mail = mail[7:] if mail.lower().startswith("mailto:") else line.first("EMAIL")
        name = line.first("CN").replace(";", ",") or mail
        if line.name == "ORGANIZER":
            cells["Meeting Organizer"], cells["Organizer E-mail"] = name, mail
            continue
        if line.first("CUTYPE").upper() in ("RESOURCE", "ROOM"):
            where = resources
        else:
            where = optional if line.first("ROLE").upper() in ("OPT-PARTICIPANT", "NON-PARTICIPANT") else required
        where.append(name)
        if where is not resources:
            mails.append(mail)
    cells["Required Attendees"] = ";".join(dict.fromkeys(filter(None, required)))
    cells["Optional Attendees"] = ";".join(dict.fromkeys(filter(None, optional)))
    cells["Meeting Resources"] = ";".join(dict.fromkeys(filter(None, resources)))
    cells["Attendee E-mails"] = ";".join(dict.fromkeys(filter(None, mails)))
