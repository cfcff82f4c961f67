#!/usr/bin/env bash
# Snowball's stems (snowballstemmer 3.0.1, the generated Python) make one word of names of countries: Hungarian has one stem
# for Iran and Iraq, Italian one for Lebanon and Libya, Basque one for Chile and China. An Arabic plural has another stem with
# the article than without, so "talks" does not find "the talks"; and French elision is taken off before a typewriter's
# apostrophe and not before a typographer's, the one that newspapers print.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check snowballstemmer==3.0.1
"$dir/venv/bin/python" - <<'PYTHON'
import snowballstemmer

asked = {
    "hungarian": ["irán", "irak"],
    "italian": ["libano", "libia"],
    "basque": ["txile", "txina"],
    "arabic": ["مفاوضات", "المفاوضات"],
    "french": ["l'accord", "l\u2019accord"],
}
seen = {language: [snowballstemmer.stemmer(language).stemWord(word) for word in words] for language, words in asked.items()}
for language, stems in seen.items():
    print(language, asked[language], "->", stems)
assert seen == {
    "hungarian": ["ir", "ir"],
    "italian": ["lib", "lib"],
    "basque": ["txi", "txi"],
    "arabic": ["مفاوضا", "مفاوض"],
    "french": ["accord", "l\u2019accord"],
}, seen
PYTHON
