"""Writes ../cron-times.tsv from the cases beside this file and from what the tools printed.

  export PYTHONTZPATH=                       # zoneinfo reads the package tzdata
  python make_table.py cases unix > O/unix.in              # O: some folder outside
  python make_table.py cases quartz > O/quartz.in
  python make_table.py cases definition > O/definition.in
  (run the programs on them, as their heads say, into the files of OUTPUTS below,
  and by_definition.py into definition.out)
  python make_table.py table O > ../cron-times.tsv
  python make_table.py differences O         # every tool's times that are not in the table

It fails if a tool that a case names, or times written by hand, are not the times of
by_definition.py. For a case that is not by hand it also fails if any tool of the dialect
answers otherwise and DECIDED does not say why.

A line of cases_by_tools.txt:
  expression | zone | rule | from | count | tools.
A line of cases_by_hand.txt:
  expression | zone | rule | from | times (UTC) | change | tools that agree.
Tools: c croniter, s cronsim, r robfig/cron, q and p two versions of Quartz. A dash: none.
A line that begins with `=` names a section; those of Quartz begin with `quartz`.
"""
import sys
from pathlib import Path

NAMES = {
    "c": "croniter 7.0.0",
    "s": "cronsim 2.8",
    "r": "robfig/cron v3.0.1",
    "q": "quartz 2.5.2",
    "p": "quartz 2.3.2",
}
OUTPUTS = {
    "c": "croniter.out",
    "s": "cronsim.out",
    "r": "robfig.out",
    "q": "quartz-2.5.2.out",
    "p": "quartz-2.3.2.out",
}

CHANGES = {
    "B+26": "Europe/Berlin 2026-03-29 02:00→03:00",
    "B-26": "Europe/Berlin 2026-10-25 03:00→02:00",
    "B+30": "Europe/Berlin 2030-03-31 02:00→03:00",
    "N+27": "America/New_York 2027-03-14 02:00→03:00",
    "N-27": "America/New_York 2027-11-07 02:00→01:00",
    "L+28": "Australia/Lord_Howe 2028-10-01 02:00→02:30",
    "L-28": "Australia/Lord_Howe 2028-04-02 02:00→01:30",
    "S+18": "America/Sao_Paulo 2018-11-04 00:00→01:00",
    "S-18": "America/Sao_Paulo 2018-02-18 00:00→2018-02-17 23:00",
    "H+25": "America/Havana 2025-03-09 00:00→01:00",
    "H-24": "America/Havana 2024-11-03 01:00→00:00",
    "Y+27": "Asia/Beirut 2027-03-28 00:00→01:00",
    "Y-27": "Asia/Beirut 2027-10-31 00:00→2027-10-30 23:00",
    "T+25": "Antarctica/Troll 2025-03-30 01:00→03:00",
    "T-25": "Antarctica/Troll 2025-10-26 03:00→01:00",
    "C-24": "Africa/Casablanca 2024-03-10 03:00→02:00",
    "C+24": "Africa/Casablanca 2024-04-14 02:00→03:00",
    "A+11": "Pacific/Apia 2011-12-30 00:00→2011-12-31 00:00",
}
FIXED = 'cron(8) Debian "Local time changes of less than three hours"'
INTERVAL = 'cron(8) Debian "Jobs that run more frequently are scheduled normally"'
LARGE = 'cron(8) cronie "Time changes of more than 3 hours"'
RULE = 'README.md "{}"'

# Where a tool reads an expression otherwise: what decided, and who differs.
EITHER = 'crontab(5) cronie "If both fields are restricted"; {} differs'
RANGE = 'crontab(5) cronie "The specified range is inclusive"; {} differs'
DECIDED = {
    "1-1 * * * *": ("c", RANGE),
    "0 0 * * 5-5": ("c", RANGE),
    "0 0 13 * FRI#2": ("c", EITHER),
    "0 0 */2 * 1": ("r", EITHER),
    "0 0 13 * */5": ("r", EITHER),
    "0 0 */10 * 1-5": ("r", EITHER),
    "0 0 29 2 */7": ("r", EITHER),
    "0 0 */28 2 1": ("r", EITHER),
    "0 0 31 12 */7": ("r", EITHER),
}

HERE = Path(__file__).parent
TOOLS = (HERE / "cases_by_tools.txt").read_text()
BY_HAND = (HERE / "cases_by_hand.txt").read_text()


def dialect_of(section):
    return "quartz" if section.startswith("quartz") else "unix"


def read_cases():
    """All cases in the order of the table; `times` is None unless written by hand."""
    cases = []
    section = None
    for block, by_hand in ((TOOLS, False), (BY_HAND, True)):
        for line in block.strip().split("\n"):
            if line.startswith("="):
                section = line[2:]
                continue
            parts = [part.strip() for part in line.split(" | ")]
            case = dict(zip(("expression", "zone", "rule", "from"), parts))
            case.update(section=section, dialect=dialect_of(section), tools=parts[-1].replace("-", ""))
            if by_hand:
                case["times"] = [time + ("Z" if len(time) == 19 else ":00Z") for time in parts[4].split()]
                case["change"] = parts[5]
                # One more than written, where the case means to say that there are no more.
                case["count"] = len(case["times"]) + (len(case["expression"].split()) == 7)
            else:
                case["times"] = None
                case["count"] = int(parts[4])
            cases.append(case)
    keys = [tuple(case[name] for name in ("expression", "dialect", "zone", "rule", "from")) for case in cases]
    for key in set(keys):
        if keys.count(key) > 1:
            raise SystemExit(f"twice: {key}")
    return cases


def lines_for(cases, kind):
    """The input of the tools of a dialect, or of by_definition.py."""
    lines = []
    for case in cases:
        columns = [case["expression"], case["zone"], case["from"], str(case["count"])]
        if kind == "definition":
            columns[1:2] = [case["dialect"], case["zone"], case["rule"]]
        elif case["dialect"] != kind:
            continue
        lines.append("\t".join(columns))
    return lines


def read_outputs(cases, folder):
    """What each tool printed for each case, and what by_definition.py did."""
    for kind in ("unix", "quartz", "definition"):
        if (Path(folder) / f"{kind}.in").read_text().splitlines() != lines_for(cases, kind):
            raise SystemExit(f"{kind}.in is not of these cases: run the tools again")
    for case in cases:
        case["printed"] = {}
    for tool, name in OUTPUTS.items():
        mine = [case for case in cases if (case["dialect"] == "quartz") == (tool in "qp")]
        lines = (Path(folder) / name).read_text().splitlines()
        if len(lines) != len(mine):
            raise SystemExit(f"{name} has {len(lines)} lines, not {len(mine)}")
        for case, line in zip(mine, lines):
            case["printed"][tool] = line
    lines = (Path(folder) / "definition.out").read_text().splitlines()
    for case, line in zip(cases, lines, strict=True):
        case["definition"] = line


def source_of(case):
    tools = [NAMES[tool] for tool in case["tools"]]
    if case["times"] is None:
        if case["expression"] in DECIDED:
            differs, cited = DECIDED[case["expression"]]
            tools.append("by hand: " + cited.format(NAMES[differs]))
        return "; ".join(tools)
    fields = case["expression"].split()
    if fields[0] == "@hourly":
        interval = True
    elif fields[0].startswith("@"):
        interval = False
    else:
        first = 0 if len(fields) == 5 else 1
        interval = fields[first].startswith("*") or fields[first + 1].startswith("*")
    if case["rule"] == "default":
        cited = INTERVAL if interval else LARGE if case["change"] == "A+11" else FIXED
    else:
        cited = RULE.format(case["rule"])
    source = f"by hand: {cited}; tzdb {CHANGES[case['change']]}"
    return "; ".join([source, *(f"{tool} agrees" for tool in tools)])


def next_of(case):
    """The times of a case, after all the opinions on it were compared."""
    expected = case["definition"]
    if case["times"] is not None and ",".join(case["times"]) != expected:
        raise SystemExit(f"by hand {case['times']}, by definition {expected}: {case}")
    if case["times"] is None and not case["tools"]:
        raise SystemExit(f"no source: {case}")
    for tool in case["tools"]:
        if case["printed"][tool] != expected:
            raise SystemExit(f"{NAMES[tool]} {case['printed'][tool]}, by definition {expected}: {case}")
    for tool, printed in case["printed"].items():
        # Not an answer: an expression that the tool refuses, and robfig/cron's end after five years.
        no_answer = printed.startswith("error") or tool == "r" and (printed == "never" or expected.startswith(printed))
        if case["times"] is None and printed != expected and not no_answer:
            if tool not in DECIDED.get(case["expression"], ""):
                raise SystemExit(f"{NAMES[tool]} {printed}, expected {expected}: {case}")
    return expected


def write_table(cases):
    print("\t".join(("expression", "dialect", "zone", "rule", "from", "next", "source")))
    counts = {}
    for case in cases:
        columns = [case[name] for name in ("expression", "dialect", "zone", "rule", "from")]
        print("\t".join([*columns, next_of(case), source_of(case)]))
        counts[case["section"]] = counts.get(case["section"], 0) + 1
    for section, count in counts.items():
        print(f"{count:4} {section}", file=sys.stderr)
    print(f"{len(cases):4} rows", file=sys.stderr)


def write_differences(cases):
    for case in cases:
        for tool, printed in case["printed"].items():
            if printed != case["definition"]:
                what = [case[name] for name in ("expression", "zone", "rule", "from")]
                print("\t".join([NAMES[tool], *what, case["definition"], printed]))


if __name__ == "__main__":
    all_cases = read_cases()
    if sys.argv[1] == "cases":
        print("\n".join(lines_for(all_cases, sys.argv[2])))
    else:
        read_outputs(all_cases, sys.argv[2])
        if sys.argv[1] == "table":
            write_table(all_cases)
        else:
            write_differences(all_cases)
