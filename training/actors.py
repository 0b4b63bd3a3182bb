"""Build the tables of the actors stage from the facts folder.

In: the data folder (one folder a stage) and the hand-reviewed lists beside this script.
Out: `actors_*.tsv*`, `agents.tsv` and `countries.tsv` in `src/tidings/data`.
It trains nothing; given names are counted by `training/given_names.py`, afterwards.

    python training/actors.py DATA
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE.parent / "src" / "tidings" / "data"
sys.path.insert(0, str(HERE.parent / "src"))

from tidings.actors.knowledge import head_class  # noqa: E402
from tidings.actors.names import fold, skeleton, surname  # noqa: E402

SNAPSHOT = "2022-08-01"
"""The office holders were taken from Wikidata then; an open end says nothing about later."""
REVIEWED = "2025-01-31"
"""The offices written by hand hold until then."""
WORLD = re.compile(r"of the United Nations|of the International Court of Justice")
"""Offices of the United Nations among those of no country."""
PHOENIX = "2016-12-31"
"""The PETRARCH2 dictionaries were last kept up then."""

CONTROLLED: dict[str, str] = {
    pair[:3]: pair[4:]
    for pair in (
        "AIA:GBR ASM:USA ABW:NLD ALA:FIN BLM:FRA BMU:GBR BES:NLD COK:NZL CUW:NLD CXR:AUS CCK:AUS FLK:GBR FRO:DNK "
        "GUF:FRA GGY:GBR GIB:GBR GRL:DNK GLP:FRA SGS:GBR GUM:USA IMN:GBR IOT:GBR JEY:GBR CYM:GBR MAF:FRA MAC:CHN "
        "MNP:USA MTQ:FRA MSR:GBR NCL:FRA NFK:AUS NIU:NZL PYF:FRA SPM:FRA PCN:GBR PRI:USA REU:FRA SHN:GBR SJM:NOR "
        "SXM:NLD TCA:GBR TKL:NZL VGB:GBR VIR:USA WLF:FRA MYT:FRA ESH:MAR XKX:KOS"
    ).split()
}
CAMEO_SECTOR = {
    "GOV": "GOV", "MIL": "MIL", "REB": "REB", "OPP": "OPP", "PTY": "PTY", "COP": "COP", "JUD": "JUD", "SPY": "SPY",
    "MED": "JRN", "EDU": "EDU", "BUS": "BUS", "CRM": "CRM", "CVL": "CVL", "HRI": "CVL", "ENV": "CVL", "HLH": "MED",
    "LEG": "LEG", "LAB": "LAB", "AGR": "AGR", "DEV": "CVL", "REF": "REF", "ELI": "ELI", "UAF": "UAF", "INS": "REB",
    "SEP": "REB", "RAD": "REB", "REL": "REL", "MUS": "REL", "CHR": "REL", "JEW": "REL", "HIN": "REL", "BUD": "REL",
    "SET": "CVL", "PPL": "CVL", "NGO": "CVL",
}  # fmt: skip
PSEUDO = {"IGO": "IGO", "NGO": "NGO", "MNC": "MNC", "IMG": "IMG", "ISM": "ISM", "NGM": "NGO", "INT": "IGO"}
ISO_OF_CAMEO = {"ROM": "ROU", "TMP": "TLS", "ZAR": "COD", "KSV": "KOS", "XKX": "KOS", "PSE": "PSE", "BMA": "MMR"}
EXPANSIONS = {
    "PERSON": ("person", "man", "woman", "men", "women", "people"),
    "MINIST": ("minister", "ministry", "ministers", "ministries"),
}
LEAD_TITLE = re.compile(
    r"""^(?:(?:interim|acting|transitional|transition|caretaker|co-|first|deputy|vice|executive|state|federal
        |constitutional|supreme|paramount|grand|crown|head|chief|chairperson|chairman|chair|member|prime|ministers?
        |president|presidents|premiers?|chancellor|king|queen|emir|amir|sultan|sheikh|governor|general|captain
        |leader|taoiseach|pope|of|the|government|council|cabinet|state|administration|transitional|sovereignty
        |taliban|affairs|and|commissioner|administrator|high|secretary|party|dr|lt|col|gen|maj|brig|sir|dame|mr|ret|rtd
        |fmr|spiritual|duke|prince|princess|co|presidency|presidential|chairwoman|bosniak|croat|serb)\.?\s+)+""",
    re.VERBOSE | re.IGNORECASE,
)
HEAD_TITLE = re.compile(
    r"""^(?:interim\ |acting\ |caretaker\ )?(?:president|prime\ minister|premier|chancellor|federal\ chancellor|king
        |queen
        |emir|amir|sultan|supreme\ leader|taoiseach|pope|head\ of\ state|head\ of\ government|chairman\ of\ the\ council
        \ of\ ministers|monarch|general\ secretary|president\ of\ the\ government)\b(?!\ of\ the\ (?:senate|chamber
        |house|national\ assembly|federal\ council|court|parliament|supreme|constitutional|congress|legislative|council
        |state\ duma))""",
    re.VERBOSE | re.IGNORECASE,
)
MONTHS: dict[str, int] = dict(
    zip(
        "january february march april may june july august september october november december".split(),
        range(1, 13),
        strict=True,
    )
)
DATE = re.compile(r"(?:(\d{1,2}) )?(" + "|".join(MONTHS) + r")? ?(\d{4})", re.IGNORECASE)


def rows(folder: Path, name: str) -> Iterator[dict]:
    """Yield the objects of a JSON-lines file."""
    with (folder / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def write(name: str, header: str, lines: list[str]) -> None:
    """Write a table, packed without a time stamp when its name ends in .gz."""
    text = "\n".join([header, *lines]) + "\n"
    payload = text.encode()
    if name.endswith(".gz"):
        payload = gzip.compress(payload, 9, mtime=0)
    (OUT / name).write_bytes(payload)
    print(name, len(lines), "rows", len(payload), "bytes")


# ------------------------------------------------------------------------------------------- countries


def countries(facts: Path) -> dict[str, dict]:
    """Join names, demonyms, capitals and Wikidata ids of the countries."""
    from rigour.territories import get_territory

    mine: dict[str, tuple[list[str], list[str]]] = {}
    for line in (HERE / "actors_countries.tsv").read_text(encoding="utf-8").splitlines():
        iso3, demonyms, names, *_ = [*line.split("\t"), "", ""]
        mine[iso3] = ([d for d in demonyms.split(",") if d], [n for n in names.split(",") if n])
    found: dict[str, dict] = {}
    for row in rows(facts, "countries.jsonl"):
        iso3 = "KOS" if row["iso3"] == "XKX" else row["iso3"]
        if iso3 in ("ANT", "SCG"):
            continue
        territory = get_territory(row["iso2"].lower())
        demonyms, names = mine.get(iso3, ([], []))
        if not demonyms and row["demonym"] and iso3 != "COG":
            taken = {d for own, _ in mine.values() for d in own}
            demonyms = [d for d in re.split(r"[,/]\s*|\s+or\s+", row["demonym"]) if d and d not in taken]
        names = [row["name"].strip(), *names]
        found[iso3] = {
            "iso2": row["iso2"], "fips": row["fips"],
            "qid": territory.qid if territory else "", "name": row["name"].strip(),
            "capital": row["capital"] or "", "names": list(dict.fromkeys(n.removeprefix("the ") for n in names)),
            "demonyms": demonyms, "parent": CONTROLLED.get(iso3, ""), "places": [],
        }  # fmt: skip
    return found


def add_places(found: dict[str, dict], facts: Path) -> None:
    """Add the cities and regions that PETRARCH2 lists under each country's block, and the provinces of rigour."""
    from rigour.territories import get_territories

    iso3_of = {c["iso2"].lower(): iso3 for iso3, c in found.items()}
    for territory in sorted(get_territories(), key=lambda t: t.code):
        if territory.parent is not None and "-" in territory.code and iso3_of.get(territory.parent.code):
            name = fold(territory.name)
            if len(name) > 3 and not any(name in map(fold, c["names"]) for c in found.values()):
                found[iso3_of[territory.parent.code]]["places"].append(name)
    found["RUS"]["places"] += ["chechen", "chechens", "dagestani", "siberian", "muscovites"]
    found["CHN"]["places"] += ["tibetan", "tibetans", "uighur", "uighurs", "uyghur", "uyghurs", "tibet", "xinjiang"]
    found["MMR"]["places"] += ["rohingya", "rohingyas"]
    found["ESP"]["places"] += ["catalan", "catalans", "basque", "catalonia"]
    seen: Counter[str] = Counter()
    blocks: list[tuple[str, list[str]]] = []
    for row in rows(facts, "petrarch2_actors.jsonl"):
        codes = [code.split()[0] for code in row["codes"] or []]
        if row["file"] == "countries.actors" and codes and all(len(code) == 3 for code in codes):
            iso3 = ISO_OF_CAMEO.get(codes[0], codes[0])
            if iso3 in found:
                places = [fold(alias.replace("_", " ")) for alias in [row["name"], *row["aliases"]]]
                places = [p for p in dict.fromkeys(places) if len(p) > 3]
                blocks.append((iso3, places))
                seen.update(places)
    for iso3, places in blocks:
        found[iso3]["places"] += [
            p for p in places if seen[p] == 1 and p not in ("most", "nice", "split", "male", "reading")
        ]


# ------------------------------------------------------------------------------------------- people


class People:
    """People under way into the table, keyed by Wikidata id, or by country and name where there is none."""

    def __init__(self) -> None:
        self.names: dict[str, Counter[str]] = defaultdict(Counter)
        self.country: dict[str, Counter[str]] = defaultdict(Counter)
        self.gender: dict[str, str] = {}
        self.roles: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(dict)
        self.by_name: dict[tuple[str, str], str] = {}
        self.office: dict[tuple[str, str, str, str], str] = {}
        self.at: dict[tuple[str, str, str], str] = {}

    def add(self, key: str, name: str, country: str, role: tuple[str, str, str, str], gender: str = "") -> None:
        """Add one office; `role` is title, start, end, and the last day the source knows of."""
        title, start, end, known = role
        self.names[key][name] += 1
        if country:
            self.country[key][country] += 1
            self.by_name.setdefault((country, skeleton(name)), key)
        if gender in ("male", "female"):
            self.gender[key] = gender[0]
        old = self.roles[key].get((title, start))
        if old is None or known > old[1]:
            self.roles[key][title, start] = [end or (old[0] if old else ""), known]


def office_holders(people: People, facts: Path, iso3_of: dict[str, str]) -> None:
    """Read the office holders and the world leaders (Wikidata)."""
    for row in rows(facts, "office_holders_wikidata_2000_2022.jsonl"):
        if not row["qid"]:
            continue
        country = iso3_of.get(fold(row["jurisdiction"]).removeprefix("the "), "")
        role = (row["position"], row["start"] or "", row["end"] or "", SNAPSHOT)
        people.add(row["qid"], row["person"], country, role, row["gender"] or "")
        if row["jurisdiction"] == "world" and WORLD.search(row["position"]):
            people.at[row["qid"], role[0], role[1]] = "UNO"
        if row["enwiki"]:
            people.names[row["qid"]][re.sub(r" \(.*\)$", "", row["enwiki"])] += 100
    for row in rows(facts, "world_leaders_2021_wikidata.jsonl"):
        if not row["officeholder"]:
            continue
        country = iso3_of.get(fold(row["country"]).removeprefix("the "), "")
        title = re.sub(r" of .*$", "", row["positionLabel"])
        known = people.roles.get(row["officeholder"], {})
        if any(old[0] == title and old[1][:4] == row["start_year"] for old in known):
            continue
        people.add(
            row["officeholder"],
            row["officeholderLabel"],
            country,
            (title, row["start_year"], row["end_year"], SNAPSHOT),
        )


def further_offices(people: People) -> None:
    """Read the offices written by hand: of the European Union, of world bodies, of Hong Kong, of US senators."""
    for line in (HERE / "actors_offices.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        key, name, gender, country, at, title, start, end = line.split("\t")
        people.add(key, name, country, (title, start, end, REVIEWED), {"m": "male", "f": "female"}[gender])
        if at:
            people.at[key, title, start] = at


def factbook_leaders(people: People, facts: Path, iso3_of_fips: dict[str, str]) -> None:
    """Read heads of state and government from the factbook; a follower in the same office ends the one before."""
    seats: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(dict)
    for row in rows(facts, "factbook_leaders_2014_2026.jsonl"):
        raw = re.sub(r"\([^)]*\)|\"[^\"]*\"", " ", row["raw"])
        raw = re.sub(r"\s+", " ", raw).strip(" ;,:")
        start = iso_date(row["since"])
        lead = LEAD_TITLE.match(raw)
        if not lead or not start or "," in raw.removesuffix(" Jr.").removesuffix(", Jr."):
            continue
        title = re.sub(r"\s+(dr|lt|col|gen|maj|sir|mr|dame|general)\.?$", "", lead.group().strip(), flags=re.IGNORECASE)
        name = name_of(raw[lead.end() :])
        iso3 = iso3_of_fips.get(row["fips"].upper(), "")
        if not name or not iso3 or (not HEAD_TITLE.match(title + " ") and "vice president" not in title.lower()):
            continue
        if CONTROLLED.get(iso3) or iso3 == "HKG":
            continue
        if re.match(r"(?:king|queen) ", title + " ", re.IGNORECASE) and iso3 not in ("GBR",) and "II" in name.split():
            continue
        title = (
            re.sub(r"^(interim|acting|caretaker|transition(al)?) ", "", title, flags=re.IGNORECASE)
            .title()
            .replace(" Of ", " of ")
        )
        key = (
            people.by_name.get((iso3, skeleton(name)))
            or same_office(people, iso3, name, title, start)
            or f"td:{iso3.lower()}-" + re.sub(r"\W+", "-", fold(name)).strip("-")
        )
        people.by_name.setdefault((iso3, skeleton(name)), key)
        people.names[key][name] += 1
        people.country[key][iso3] += 1
        seat = seats[iso3, title].setdefault(key + "|" + start, [start, "", row["last_seen"]])
        seat[2] = max(seat[2], row["last_seen"])
    for (_iso3, title), holders in seats.items():
        order = sorted(holders.items(), key=lambda item: item[1][0])
        for at, (key_start, seat) in enumerate(order):
            key = key_start.rsplit("|", 1)[0]
            follower = next((later[1][0] for later in order[at + 1 :] if later[0].rsplit("|", 1)[0] != key), "")
            known = seat[2]
            merge_role(people, key, title, seat[0], follower, follower or known)


def same_office(people: People, iso3: str, name: str, title: str, start: str) -> str | None:
    """Return the person of that surname who entered that office in that month: Joseph Biden is Joe Biden.

    Where only the year of the entry is known, the year will do.
    """
    if not people.office:
        for key, roles in people.roles.items():
            for country in people.country[key]:
                for old_title, old_start in roles:
                    for known in people.names[key]:
                        people.office.setdefault((country, surname(known, country), old_title, old_start[:7]), key)
    known = (people.office.get((iso3, surname(name, iso3), title.title(), since)) for since in (start[:7], start[:4]))
    return next(filter(None, known), None)


def merge_role(people: People, key: str, title: str, start: str, end: str, known: str) -> None:
    """Prolong a known office of the same kind that began within a year, or add it; a day is better than its year."""
    for (old_title, old_start), value in people.roles[key].items():
        if old_title.lower().startswith(title.lower()) and old_start and abs(int(old_start[:4]) - int(start[:4])) <= 1:
            if not value[0]:
                value[0] = end
                value[1] = end if end else max(known, value[1])
            if start.startswith(old_start):
                people.roles[key][old_title, start] = people.roles[key].pop((old_title, old_start))
            return
    people.roles[key][title, start] = [end, known]


def told_better(roles: dict[tuple[str, str], list[str]], title: str, start: str) -> bool:
    """Tell whether an office whose start is known by its year is there once more with the day."""
    return any(
        len(start) < len(other) and other.startswith(start) and head_class(name) == head_class(title) is not None
        for name, other in roles
        if start
    )


def iso_date(text: str) -> str:
    """Return the ISO date in a factbook clause, or an empty string."""
    match = DATE.search(text)
    if not match:
        return ""
    day, month, year = match.groups()
    if not month:
        return year
    number = MONTHS[month.lower()]
    return f"{year}-{number:02d}-{int(day):02d}" if day else f"{year}-{number:02d}"


def name_of(raw: str) -> str:
    """Return a name in ordinary capitals; the factbook writes surnames in capitals."""
    raw = re.split(r"\s(?:since|of|represented|and|from|on|who|term|note)\s", raw)[0].strip(" .,;")
    words = [
        w
        for w in raw.split()
        if not re.fullmatch(r"\(?(?:Jr|Sr|Dr|Lt|Col|Gen|Maj|Brig|ret|rtd|Haji|Sheikh|Sir|Dame|Mr)\.?,?\)?", w)
    ]
    if not 1 < len(words) <= 6 or not any(w.isupper() and len(w) > 1 for w in words):
        return words[0].title() if len(words) == 1 and words[0].isupper() else ""
    return " ".join(w if not w.isupper() or len(w) < 2 or w in ("II", "III", "IV", "VI") else capital(w) for w in words)


def capital(word: str) -> str:
    """Turn KIM or AL-ASSAD into Kim or al-Assad."""
    return "-".join(part.title() for part in word.split("-")).replace("Al-", "al-", 1)


# ------------------------------------------------------------------------------------------- PETRARCH2


def coded(code: str, iso: set[str]) -> tuple[str, str]:
    """Return country and PLOVER sector of a CAMEO actor code."""
    parts = [code[at : at + 3] for at in range(0, len(code) - len(code) % 3, 3)]
    country = sector = ""
    for part in parts:
        part = ISO_OF_CAMEO.get(part, part)
        if part == "UNO":
            country = "UNO"
        elif part == "EUR" or part == "EEC":
            country = "EUR"
        elif part in iso and country in ("", "NGO", "MNC"):
            country = part
        elif part in PSEUDO and not country:
            country = PSEUDO[part]
        elif part in CAMEO_SECTOR and not sector:
            sector = CAMEO_SECTOR[part]
    if "MNC" in parts and not sector:
        sector = "BUS"
    if "NGO" in parts and not sector:
        sector = "CVL"
    return country, sector


def phoenix(facts: Path, iso: set[str]) -> list[str]:
    """Return the coded names of the PETRARCH2 dictionaries, with the dates of each code."""
    lines: dict[str, str] = {}
    for row in rows(facts, "petrarch2_actors.jsonl"):
        spans = []
        for code in row["codes"] or []:
            head, *when = code.split()
            country, sector = coded(head, iso)
            if (country or sector) and (sector or row["file"] != "countries.actors"):
                spans.append(f"{country},{sector},{','.join(period(when[0] if when else ''))}")
        if not spans:
            continue
        names = [fold(alias.replace("_", " ").strip()) for alias in [row["name"], *row["aliases"]]]
        kind = {"countries.actors": "c", "intl.actors": "i", "mil.actors": "m"}[row["file"]]
        for name in names:
            if len(name) > 3 and (" " in name or kind != "c"):
                lines.setdefault(name, f"{name}\t{kind}\t{';'.join(dict.fromkeys(spans))}")
    return sorted(lines.values())


def period(text: str) -> tuple[str, str]:
    """Return ISO start and end of a PETRARCH2 date restriction."""
    if text.startswith(">"):
        return iso_of(text[1:]), ""
    if text.startswith("<"):
        return "", iso_of(text[1:])
    if "-" in text:
        first, last = text.split("-", 1)
        return iso_of(first), iso_of(last)
    return "", ""


def iso_of(digits: str) -> str:
    """Return an ISO date for YYMMDD or YYYYMMDD; the dictionaries end in 2014."""
    if not digits.isdigit() or len(digits) not in (6, 8):
        return ""
    year = digits[:4] if len(digits) == 8 else ("20" if int(digits[:2]) < 20 else "19") + digits[:2]
    return f"{year}-{digits[-4:-2]}-{digits[-2:]}"


def agents(facts: Path) -> list[str]:
    """Return role nouns with their PLOVER sector: the reviewed list first, then PETRARCH2."""
    sector_of: dict[str, str] = {}
    for line in (HERE / "actors_agents.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sector, words = line.split(":", 1)
            for word in words.split(";"):
                sector_of.setdefault(word.strip(), sector)
    for row in rows(facts, "petrarch2_agents.jsonl"):
        sector = next((CAMEO_SECTOR[p] for p in re.findall(r"[A-Z]{3}", row["code"]) if p in CAMEO_SECTOR), None)
        if sector is None:
            continue
        forms = [row["agent"], *([row["plural"]] if row["plural"] else [])]
        for form in forms:
            mark = re.search(r"!(\w+)!", form)
            variants = [form.replace(mark.group(), v) for v in EXPANSIONS.get(mark.group(1), ())] if mark else [form]
            for variant in variants:
                word = fold(re.sub(r"\s+", " ", variant.replace("_", " ").replace("!", ""))).strip()
                if len(word) > 2:
                    sector_of.setdefault(word, sector)
                    if not row["plural"] and not mark:
                        sector_of.setdefault(word + "s", sector)
    return [f"{word}\t{sector}" for word, sector in sorted(sector_of.items())]


# ------------------------------------------------------------------------------------------- the run


def index(people: People) -> None:
    """Write the look-up keys of people, then the first words of all names the tables know."""
    keys: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for key in sorted(people.roles, key=lambda k: (k[0], len(k), k)):
        country = people.country[key].most_common(1)[0][0] if people.country[key] else ""
        head = any(HEAD_TITLE.match(title) for title, _ in people.roles[key])
        for name, _ in people.names[key].most_common():
            words = fold(name).split()
            keys["n", fold(name)][key] = None
            keys["k", skeleton(name)][key] = None
            if len(words) > 2:
                keys["n", f"{words[0]} {words[-1]}"][key] = None
            if head:
                keys["s", surname(name, country)][key] = None
    lines = [f"{kind}\t{name}\t{'|'.join(ids)}" for (kind, name), ids in sorted(keys.items())]
    write("actors_index.tsv.gz", "kind\tkey\tids", lines)
    from tidings.actors.sightings import count_openings

    lines += [f"o\t{word}\t{count}" for word, count in sorted(count_openings().items())]
    write("actors_index.tsv.gz", "kind\tkey\tids", lines)


def plain(title: str) -> str:
    """Return a title without the marks that part the cells of a table."""
    return title.replace("|", " ").replace(";", ",")


def main(data: Path) -> None:
    """Build all tables."""
    facts = data / "actors" / "facts"
    found = countries(facts)
    add_places(found, facts)
    write(
        "countries.tsv",
        "iso3\tqid\tname\tcapital\tparent\tnames\tdemonyms\tplaces",
        [
            "\t".join(
                (
                    iso3,
                    c["qid"],
                    c["name"],
                    c["capital"],
                    c["parent"],
                    "|".join(c["names"]),
                    "|".join(c["demonyms"]),
                    "|".join(c["places"]),
                )
            )
            for iso3, c in sorted(found.items())
        ],
    )
    iso3_of = {fold(name).removeprefix("the "): iso3 for iso3, c in found.items() for name in c["names"]}
    people = People()
    iso3_of |= {"state of palestine": "PSE", "vatican city": "VAT"}
    office_holders(people, facts, iso3_of)
    further_offices(people)
    factbook_leaders(people, facts, {c["fips"]: iso3 for iso3, c in found.items() if c["fips"]})
    lines = []
    for key in sorted(people.roles, key=lambda k: (k[0], len(k), k)):
        names = [name for name, _ in people.names[key].most_common()]
        country = people.country[key].most_common(1)[0][0] if people.country[key] else ""
        roles = sorted(
            (start, title, *value)
            for (title, start), value in people.roles[key].items()
            if not told_better(people.roles[key], title, start)
        )
        head = any(HEAD_TITLE.match(title) for _, title, _, _ in roles)
        packed = "|".join(
            ";".join((plain(title), start, end, known, people.at.get((key, title, start), "")))
            for start, title, end, known in roles
        )
        lines.append(
            "\t".join(
                (key, names[0], people.gender.get(key, ""), country, "1" if head else "", "|".join(names[1:]), packed)
            )
        )
    write("actors_people.tsv.gz", "id\tname\tgender\tcountry\thead\taliases\troles", lines)
    write("actors_phoenix.tsv.gz", "name\tkind\tcodes", phoenix(facts, set(found)))
    write("agents.tsv", "agent\tsector", agents(facts))
    index(people)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
