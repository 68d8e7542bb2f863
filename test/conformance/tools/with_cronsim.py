"""Next times by cronsim, for the table of cron times.

  PYTHONTZPATH= python with_cronsim.py < unix.in > cronsim.out

Needs pip packages cronsim 2.8 and tzdata 2026.6. The empty PYTHONTZPATH makes
zoneinfo read the tzdata package and not the system's files.
In: expression, zone, from, count, separated by tabs. Out: one line for each.
"""
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from cronsim import CronSim


def instants(expression, zone, start, count):
    at = datetime.fromisoformat(start.replace("Z", "+00:00")).astimezone(
        timezone.utc if zone == "UTC" else ZoneInfo(zone)
    )
    found = []
    for time in CronSim(expression, at):
        found.append(time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
        if len(found) == count:
            break
    return found


for line in sys.stdin:
    expression, zone, start, count = line.rstrip("\n").split("\t")
    try:
        print(",".join(instants(expression, zone, start, int(count))) or "never")
    except Exception as error:
        print(f"error: {type(error).__name__}: {error}".replace("\n", " "))
