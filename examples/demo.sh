# What `make demo` runs: read the sample pages (or PAGE, the user's own file or address) and show a record.
set -u
out=demo/records.jsonl
mkdir -p demo
if [ -n "${PAGE:-}" ]; then
    exec "$BIN/tidings" show "$PAGE" --explain
fi
echo "Reading the sample pages of examples/ (two of them, a section page and an error page, hold no article) ..."
"$BIN/tidings" read examples/0*.html examples/0*.txt --jobs "${JOBS:-2}" -o "$out"
status=$?
# 3 says that some pages were not read: the index and the error page, which is as it should be.
if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
    exit "$status"
fi
echo
"$BIN/tidings" show "$out" --list
echo
"$BIN/tidings" show examples/013-northwire-vienna-agreement.html
echo
echo "The records are in $out, one JSON line a page."
echo "Open the desk:        make desk     (articles, stories, actors, dyads, map, calendar in the browser)"
echo "Show another:        $BIN/tidings show examples/005-docket-netanyahu-congress-speech.html --explain"
echo "Read a page of yours: make demo PAGE=file-or-URL"
