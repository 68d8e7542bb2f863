"""Next times by croniter, for the table of cron times.

  PYTHONTZPATH= python with_croniter.py < unix.in > croniter.out

Needs pip packages croniter 7.0.0 and tzdata 2026.6. The empty PYTHONTZPATH makes
zoneinfo read the tzdata package and not the system's files.
In: expression, zone, from, count, separated by tabs. Out: one line for each.

Options: second_at_beginning, as the table has the seconds first;
implement_cron_bug, which joins the day fields by AND when one starts with `*`,
as crontab(5) of cronie and Debian's cron do (croniter joins them by OR else).
"""
from datetime import datetime

from croniter import CroniterBadDateError, croniter

from asked import answer


def times_of(expression, at, count):
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
    return found


answer(times_of)
