"""Next times by cronsim, for the table of cron times.

  PYTHONTZPATH= python with_cronsim.py < unix.in > cronsim.out

Needs pip packages cronsim 2.8 and tzdata 2026.6. The empty PYTHONTZPATH makes
zoneinfo read the tzdata package and not the system's files.
In: expression, zone, from, count, separated by tabs. Out: one line for each.
"""
from itertools import islice

from cronsim import CronSim

from asked import answer

answer(lambda expression, at, count: islice(CronSim(expression, at), count))
