"""What the tools in Python share: the lines that they are asked, and how they answer."""
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo


def local(start, zone):
    """The instant as the wall clock of the zone shows it."""
    at = datetime.fromisoformat(start.replace("Z", "+00:00"))
    return at.astimezone(timezone.utc if zone == "UTC" else ZoneInfo(zone))


def answer(times_of):
    """Prints a line for each on stdin; `times_of(expression, at, count)` are at most `count` times after `at`."""
    for line in sys.stdin:
        expression, zone, start, count = line.rstrip("\n").split("\t")
        try:
            times = times_of(expression, local(start, zone), int(count))
            found = [time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for time in times]
            print(",".join(found) or "never")
        except Exception as error:
            print(f"error: {type(error).__name__}: {error}".replace("\n", " "))
