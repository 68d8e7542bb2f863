"""Next times by croniter, for the table of cron times.

  PYTHONTZPATH= python with_croniter.py < unix.in > croniter.out

Needs pip packages croniter 7.0.0 and tzdata 2026.6. The empty PYTHONTZPATH makes
zoneinfo read the tzdata package and not the system's files.
In: expression, zone, from, count, separated by tabs. Out: one line for each.

Options: second_at_beginning, as the table has the seconds first;
implement_cron_bug, which joins the day fields by AND when one starts with `*`,
as crontab(5) of cronie and Debian's cron do (croniter joins them by OR else).
"""
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, croniter


def instants(expression, zone, start, count):
    at = datetime.fromisoformat(start.replace("Z", "+00:00")).astimezone(
        timezone.utc if zone == "UTC" else ZoneInfo(zone)
    )
    times = croniter(
        expression,
        at,
        ret_type=datetime,
        second_at_beginning=True,
        implement_cron_bug=True,
        max_years_between_matches=110,
    )
    found = []
    try:
        while len(found) < count:
            found.append(times.get_next())
    except CroniterBadDateError:
        pass
    return [time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for time in found]


for line in sys.stdin:
    expression, zone, start, count = line.rstrip("\n").split("\t")
    try:
        print(",".join(instants(expression, zone, start, int(count))) or "never")
    except Exception as error:
        print(f"error: {type(error).__name__}: {error}".replace("\n", " "))
