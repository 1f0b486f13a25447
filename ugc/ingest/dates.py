"""The date of a review, from whatever a site or an export writes, as UTC.

Own rules come first: ISO, `31.05.2025 14:52`, `15 июня`, `12 maja 2024`, `Вчера, 18:58`,
`3 dni temu`, seconds and milliseconds since 1970, days of a spreadsheet. What they do not know
goes to dateparser. A date is never placed after the moment the reviews were collected.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from ugc.ingest import calendar

__all__ = ["Dates", "Moment", "UnreadDate"]

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No public review is older; an earlier date is a filler such as 1970-01-01."""

_SLACK = timedelta(days=1)
"""How far a date may lie after the reference: clocks and zones differ."""

_LONGEST = 120
"""Signs of a date that are looked at."""

_EAST = timedelta(hours=3)
"""A review without a zone may come from Moscow, where the next day has begun already."""

_BLANK = re.compile(
    r"(?:дата\s+)?не\s+(?:указан[ао]?|определен[ао]|известн[ао])|нет(?: даты)?|без даты|неизвестно|"
    r"n/?a|na|null|none|nan|nat|nil|unknown|not (?:specified|available)|no date|"
    r"brak(?: danych| daty)?|nie podano|[-–—.?0:/ ]*|0000-00-00(?:[t ]00:00(?::00)?)?",
)
_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?(?![\d:])")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_BACKWARD = re.compile(r"(?<!\d)((?:19|20)\d{2})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|-?го|-?е)?\s*(?:of\s+)?[ .-]?([^\W\d_]{3,})\.?,?(?:[\s-]+(\d{4})(?!\d))?"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d)(?!:)(?:,?\s+(\d{4})(?!\d))?")
_MONTH_YEAR = re.compile(r"([^\W\d_]{3,})\.?,?\s+(\d{4})(?!\d)")
_ZONE = re.compile(
    r"\s*\(?(utc|gmt|z|msk|мск|cet|cest)\)?(?:\s*([+-])(\d{1,2}):?(\d{2})?)?\s*$|\s*([+-])(\d{2}):?(\d{2})$"
)
_ZONES = {"msk": 3, "мск": 3, "cet": 1, "cest": 2}
_AHEAD = re.compile(
    r"^(?:через|in|za)\s+(?:\d|an?\b|пару|несколько|час|день|недел|месяц|год|kilka|godzin|dzień|tydzień)"
)


class UnreadDate(ValueError):
    """A value that should be a date and cannot be read as one."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date in UTC; `exact` is false when it was reckoned from the day of collection."""

    at: datetime
    exact: bool = True


@dataclass(frozen=True)
class Dates:
    """How the dates of one file or source are to be read.

    Attributes:
        now: no date lies later than a day after this.
        zone: of times that name none.
        day_first: `04.05` and `04/05` are the fourth of May; with `False`, strokes mean 5 April.
    """

    now: datetime
    zone: tzinfo = UTC
    day_first: bool = True

    def read(self, value: object, reference: datetime | None = None, *, guess: bool = True) -> Moment | None:
        """The moment that a cell tells, `None` for a blank one.

        `reference` is when the review was collected, for «вчера» and for dates without a year;
        `now` where it is unknown. Without `guess`, dateparser is not asked.

        Raises:
            UnreadDate: the value is no date, or one in the future or before 1990.
        """
        if value is None or value != value:  # NaN is how tables say "blank"
            return None
        seen = min(reference or self.now, self.now)
        try:
            moment = self._of_object(value)
            if moment is None:
                text = _tidy(str(value)[:_LONGEST])
                if _BLANK.fullmatch(text):
                    return None
                moment = self._of_text(text, seen, guess=guess)
        except OverflowError as error:  # the year 1 or 9999, moved to another zone
            raise UnreadDate(str(value)[:_LONGEST]) from error
        if moment is None or not _EARLIEST <= moment.at <= self.now + _SLACK:
            raise UnreadDate(str(value)[:_LONGEST])
        return moment

    def _utc(self, moment: datetime) -> datetime:
        """A time in UTC; one without a zone is in the zone of this file."""
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)

    def _of_object(self, value: object) -> Moment | None:
        """A moment from a value that is a date or a number already."""
        if isinstance(value, datetime):
            return Moment(self._utc(value))
        if isinstance(value, date):
            return Moment(self._utc(datetime.combine(value, time())))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self._of_number(float(value))
        return None

    def _of_number(self, number: float) -> Moment | None:
        """Seconds to nanoseconds since 1970, a day like 20250531, or a spreadsheet's day number."""
        if 19900101 <= number <= 20991231 and number == int(number):
            try:
                return Moment(
                    self._utc(datetime.strptime(str(int(number)), "%Y%m%d").replace(tzinfo=self.zone))
                )
            except ValueError:
                return None
        if 30000 <= number < 60000:
            return Moment(self._utc(datetime(1899, 12, 30, tzinfo=self.zone) + timedelta(days=number)))
        for power in (0, 3, 6, 9):
            seconds = number / 10**power
            if 6e8 <= seconds < 4.2e9:
                return Moment(datetime.fromtimestamp(seconds, UTC))
        return None

    def _of_text(self, text: str, seen: datetime, *, guess: bool) -> Moment | None:
        """A moment from a tidied text by the first rule that fits."""
        if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
            return self._of_number(float(text.replace(",", ".")))
        if _AHEAD.match(text):
            return None
        return (
            self._iso(text)
            or self._relative(text, seen)
            or self._written(text, seen)
            or (self._parsed(text, seen) if guess else None)
        )

    def _iso(self, text: str) -> Moment | None:
        """ISO 8601 and the date of a mail."""
        try:
            return Moment(
                self._utc(datetime.fromisoformat(text.upper().replace(" UTC", "Z").replace(" Z", "Z")))
            )
        except ValueError:
            pass
        if re.match(r"[a-z]{3}, \d", text):
            try:
                return Moment(self._utc(parsedate_to_datetime(text)))
            except ValueError:
                return None
        return None

    def _relative(self, text: str, seen: datetime) -> Moment | None:
        """«вчера, 14:05», «2 часа назад», "3 dni temu", "a week ago"."""
        here = seen.astimezone(self.zone)
        for word, days in calendar.DAYS.items():
            if re.match(rf"{word}(?!\w)", text):
                day = (here - timedelta(days=days)).date()
                moment = self._utc(datetime.combine(day, _clock(text) or time()))
                return Moment(min(moment, seen), exact=False)
        if text in calendar.NOW:
            return Moment(seen, exact=False)
        words = re.findall(r"\d+|[^\W\d_]+", text)
        if not calendar.AGO.intersection(words) and not re.fullmatch(r"\d{1,3}\s?[a-zа-я]{1,2}", text):
            return None
        moment, number, found = here, 1, False
        for word in words:
            if word.isdecimal() or word in calendar.NUMBERS:
                number = calendar.NUMBERS.get(word) or int(word)
            elif kind := _unit(word):
                moment, number, found = _before(moment, kind, number), 1, True
        return Moment(moment.astimezone(UTC), exact=False) if found else None

    def _written(self, text: str, seen: datetime) -> Moment | None:
        """A day in figures or with the month in words, with or without year and clock."""
        text, zone = _zone(text)
        clock = _clock(text) or time()
        rest = _CLOCK.sub(" ", text)
        if match := _BACKWARD.search(rest):
            return self._day(int(match[1]), int(match[2]), int(match[3]), clock, zone)
        if match := _NUMERIC.search(rest):
            first, second, year = int(match[1]), int(match[3]), int(match[4])
            american = match[2] == "/" and (
                not self.day_first or (_CLOCK.search(text) is not None and "m" in text[-3:])
            )
            day, number = (second, first) if (american and first <= 12) or second > 12 else (first, second)
            return self._day(year + 2000 if year < 100 else year, number, day, clock, zone)
        for pattern, day_at, month_at, year_at in (
            (_DAY_MONTH, 1, 2, 3),
            (_MONTH_DAY, 2, 1, 3),
            (_MONTH_YEAR, 0, 1, 2),
        ):
            for match in pattern.finditer(rest):
                number_of_month = calendar.month(match[month_at])
                if number_of_month is None:
                    continue
                day = int(match[day_at]) if day_at else 1
                if match[year_at]:
                    return self._day(int(match[year_at]), number_of_month, day, clock, zone)
                if found := self._yearless(number_of_month, day, clock, zone, seen):
                    return found
        return None

    def _day(self, year: int, month: int, day: int, clock: time, zone: tzinfo | None) -> Moment | None:
        """A day that exists, else `None`."""
        try:
            moment = datetime.combine(date(year, month, day), clock, zone or self.zone)
        except ValueError:
            return None
        return Moment(moment.astimezone(UTC))

    def _yearless(
        self, month: int, day: int, clock: time, zone: tzinfo | None, seen: datetime
    ) -> Moment | None:
        """The last such day up to the reference; 29 February goes back to a leap year."""
        today = (seen.astimezone(self.zone) + _EAST).date()
        for year in range(today.year, today.year - 9, -1):
            found = self._day(year, month, day, clock, zone)
            if found and date(year, month, day) <= today:
                return Moment(min(found.at, seen), exact=False)
        return None

    def _parsed(self, text: str, seen: datetime) -> Moment | None:
        """What dateparser makes of a short text that holds a digit or the word "last"."""
        if len(text) > 60 or not re.search(r"\d|прошл|last|zeszł|ostatni", text):
            return None
        import dateparser

        found = dateparser.parse(
            text,
            languages=["ru", "en", "pl"],
            settings={
                "RELATIVE_BASE": seen.astimezone(self.zone).replace(tzinfo=None),
                "PREFER_DATES_FROM": "past",
                "REQUIRE_PARTS": ["month"],
                "DATE_ORDER": "DMY" if self.day_first else "MDY",
            },
        )
        return Moment(self._utc(found), exact=False) if found else None


def _tidy(text: str) -> str:
    """A date's text in lower case, on one line, without «Опубликовано:» before and «· Дополнен» after it."""
    text = " ".join(text.replace("\u00a0", " ").casefold().split())
    text = re.split(r"\s[·|•]\s|\s\((?:edited|изменен|edytowan)", text)[0]
    text = re.sub(
        r"^(?:дата(?: публикации| отзыва)?|опубликован[оа]?|добавлен[оа]?|написан[оа]?|отзыв от|от|date|"
        r"posted|published|reviewed|written|created|dodano|opublikowano|data|wystawiono)\s*:?\s+(?:on\s+)?",
        "",
        text,
    )
    return text.strip(" ,;\"'")


def _clock(text: str) -> time | None:
    """The time of day in a text."""
    match = _CLOCK.search(text)
    if match is None:
        return None
    hour, half = int(match[1]), (match[4] or "")[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(match[2]), int(match[3] or 0))
    except ValueError:
        return None


def _zone(text: str) -> tuple[str, tzinfo | None]:
    """A text without its zone, and that zone."""
    match = _ZONE.search(text)
    if match is None or _CLOCK.search(text) is None:
        return text, None
    name, sign, hours, minutes = match[1], match[2] or match[5], match[3] or match[6], match[4] or match[7]
    shift = timedelta(hours=_ZONES.get(name or "", 0))
    if sign:
        moved = timedelta(hours=int(hours), minutes=int(minutes or 0))
        shift += moved if sign == "+" else -moved
    return text[: match.start()], timezone(shift)


def _unit(word: str) -> str | None:
    """The unit of time that a word names."""
    for kind in ("half", "second", "minute", "hour", "day", "week", "month", "year"):
        for start in calendar.UNITS[kind]:
            if word == start or (len(start) > 2 and word.startswith(start)):
                return kind
    return None


def _before(moment: datetime, unit: str, number: int) -> datetime:
    """A moment some units of time earlier; months and years keep the day where it exists."""
    if unit in {"second", "minute", "hour", "day", "week"}:
        return moment - timedelta(**{f"{unit}s": number})
    months = {"month": number, "year": 12 * number, "half": 6}[unit]
    whole = moment.year * 12 + moment.month - 1 - months
    year, number_of_month = divmod(whole, 12)
    if year < 1990:
        return moment.replace(year=1989)
    day = min(moment.day, monthrange(year, number_of_month + 1)[1])
    return moment.replace(year=year, month=number_of_month + 1, day=day)
