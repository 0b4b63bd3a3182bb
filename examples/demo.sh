# What `make demo` runs: collect the sample pages and show what is in them; or show PAGE, the user's own file or address.
set -u
store=demo/news.db
mkdir -p demo
if [ -n "${PAGE:-}" ]; then
    exec "$BIN/tidings" show "$PAGE" --explain
fi
step() {
    echo
    echo "\$ tidings $*"
    "$BIN/tidings" "$@"
}
echo "Collecting the sample pages of examples/ (two of them, a section page and an error page, hold no article) ..."
step collect "$store" examples/ --jobs "${JOBS:-2}"
status=$?
# 3 says that some pages were not read: the index and the error page, which is as it should be.
if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
    exit "$status"
fi
step stories "$store" --limit 12 --format table || exit 1
# The story that most articles tell.
story=$("$BIN/tidings" stories "$store" --format jsonl | "$BIN/python" -c '
import json, sys
print(max(map(json.loads, sys.stdin), key=lambda story: story["articles"])["id"])') || exit 1
step timeline "$store" "$story" --limit 24 --format table || exit 1
step calendar "$store" --format table || exit 1
cat <<END

The store is $store: one SQLite file with every record, story and act in it.
Open the desk:        make desk STORE=$store     (articles, stories, actors, dyads, map, calendar in the browser)
Tell a whole story:   $BIN/tidings story $store $story
Search it:            $BIN/tidings search $store 'vienna talks actor:zarif'
Show one page:        $BIN/tidings show examples/013-northwire-vienna-agreement.html --explain
Read a page of yours: make demo PAGE=file-or-URL
END
