"""Next times by the definitions in ../README.md, with no cron library.

  PYTHONTZPATH= python by_definition.py < cases.in > definition.out

Needs the pip package tzdata 2026.6; the empty PYTHONTZPATH makes zoneinfo read it.
In: expression, dialect, zone, rule, from, count, separated by tabs. Out: one line for each.

It is slow and plain. It walks through the real minutes after `from`, takes the wall
clock of each from zoneinfo, and asks whether the expression names that wall clock.
A step of the wall clock of more than a minute is a gap; a wall clock with fold 1 is
the second of an overlap. Whole days are passed over only if neither their date nor
the dates beside them are in the expression.
"""
import calendar
import re
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

DAYS = "SUN MON TUE WED THU FRI SAT".split()
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
ALIASES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
MINUTE = timedelta(minutes=1)
LAST_YEAR = 2120


def number(text, names, base):
    """The value of a number or a name; `base` is that of the first name."""
    return names.index(text) + base if text in names else int(text)


def values(field, low, high, names=(), base=0, wraps=False):
    """The set of values that a list of numbers, ranges and steps stands for."""
    found = set()
    for item in field.split(","):
        span, _, step = item.partition("/")
        if span in ("*", "?"):
            first, last = low, high
        elif "-" in span:
            first, last = (number(end, names, base) for end in span.split("-"))
        else:
            first = number(span, names, base)
            last = high if step else first
        if last < first and wraps:
            size = high - low + 1
            found |= {(value - low) % size + low for value in range(first, last + size + 1, int(step or 1))}
        else:
            if not low <= first <= last <= high:
                raise ValueError(f"{item} is not within {low}-{high}")
            found |= set(range(first, last + 1, int(step or 1)))
    return found


def near(year, month, day):
    """The day of Monday to Friday that is nearest to a day, within its month."""
    last = calendar.monthrange(year, month)[1]
    weekday = date(year, month, day).weekday()
    if weekday == 5:
        return day - 1 if day > 1 else day + 2
    if weekday == 6:
        return day + 1 if day < last else day - 2
    return day


def month_day_matches(field, day, wraps):
    last = calendar.monthrange(day.year, day.month)[1]
    for item in field.split(","):
        if item == "L":
            matches = day.day == last
        elif item == "LW":
            matches = day.day == near(day.year, day.month, last)
        elif item.startswith("L-"):
            matches = day.day == last - int(item[2:])
        elif item.endswith("W"):
            named = int(item[:-1])
            matches = named <= last and day.day == near(day.year, day.month, named)
        else:
            matches = day.day in values(item, 1, 31, wraps=wraps)
        if matches:
            return True
    return False


def week_day_matches(field, day, sunday, wraps):
    """`sunday` is the number of Sunday: 0 in unix, 1 in quartz."""
    last = calendar.monthrange(day.year, day.month)[1]
    mine = day.isoweekday() % 7
    high = 7
    for item in field.split(","):
        if item == "L":
            matches = mine == 6
        elif "#" in item:
            name, _, nth = item.partition("#")
            named = (number(name, DAYS, sunday) - sunday) % 7
            matches = mine == named and (day.day + 6) // 7 == int(nth)
        elif re.fullmatch(r"(\d|[A-Z]{3})L", item):
            named = (number(item[:-1], DAYS, sunday) - sunday) % 7
            matches = mine == named and day.day + 7 > last
        else:
            numbers = values(item, sunday, high, DAYS, sunday, wraps)
            matches = mine in {(value - sunday) % 7 for value in numbers}
        if matches:
            return True
    return False


class Expression:
    def __init__(self, text, dialect):
        fields = ALIASES.get(text, text).upper().split()
        if len(fields) == 5:
            fields.insert(0, "0")
        if len(fields) == 6:
            fields.append("*")
        second, minute, hour, self.month_day, month, self.week_day, year = fields
        self.quartz = dialect == "quartz"
        self.seconds = sorted(values(second, 0, 59, wraps=self.quartz))
        self.minutes = values(minute, 0, 59, wraps=self.quartz)
        self.hours = values(hour, 0, 23, wraps=self.quartz)
        self.months = values(month, 1, 12, MONTHS, 1, wraps=self.quartz)
        self.years = values(year, 1970, 2199)
        self.interval = minute.startswith("*") or hour.startswith("*")
        self.last_year = max(self.years)
        self.days = {}

    def has_day(self, day):
        if day not in self.days:
            self.days[day] = self.matches_day(day)
        return self.days[day]

    def matches_day(self, day):
        if day.month not in self.months or day.year not in self.years:
            return False
        of_month = month_day_matches(self.month_day, day, self.quartz)
        of_week = week_day_matches(self.week_day, day, 1 if self.quartz else 0, self.quartz)
        if self.month_day[0] in "*?" or self.week_day[0] in "*?":
            return of_month and of_week
        return of_month or of_week

    def has_minute(self, wall):
        return wall.minute in self.minutes and wall.hour in self.hours and self.has_day(wall.date())


def instants(text, dialect, zone_name, rule, start, count):
    expression = Expression(text, dialect)
    zone = timezone.utc if zone_name == "UTC" else ZoneInfo(zone_name)
    start = datetime.fromisoformat(start.replace("Z", "+00:00"))

    def wall_clock(instant):
        return instant.astimezone(zone).replace(tzinfo=None)

    # What the rule says of the two kinds of times.
    in_gap = {"default": not expression.interval, "skip": False, "shift": True, "both": False}[rule]
    twice = {"default": expression.interval, "skip": False, "shift": False, "both": True}[rule]

    found = []
    day = start.replace(hour=0, minute=0, second=0)
    while day.year <= min(LAST_YEAR, expression.last_year + 1):
        if any(expression.has_day((day + timedelta(days=n)).date()) for n in (-1, 0, 1)):
            for n in range(24 * 60):
                instant = day + n * MINUTE
                wall = wall_clock(instant)
                before = wall_clock(instant - MINUTE)
                fires = set()
                if wall - before > MINUTE and in_gap:
                    missing = (wall - before) // MINUTE - 1
                    if any(expression.has_minute(before + (k + 1) * MINUTE) for k in range(missing)):
                        if rule == "default" and missing >= 3 * 60:
                            raise ValueError("cron(8) does not treat changes of 3 hours and more so")
                        fires.add(instant)
                if expression.has_minute(wall) and (twice or wall.fold == 0):
                    fires |= {instant + timedelta(seconds=second) for second in expression.seconds}
                for fire in sorted(fires):
                    if fire > start:
                        found.append(fire.strftime("%Y-%m-%dT%H:%M:%SZ"))
                        if len(found) == count:
                            return found
        day += timedelta(days=1)
    return found


if __name__ == "__main__":
    for line in sys.stdin:
        *case, count = line.rstrip("\n").split("\t")
        try:
            print(",".join(instants(*case, int(count))) or "never")
        except ValueError as error:
            print(f"error: {error}")
