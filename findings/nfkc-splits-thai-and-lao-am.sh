#!/usr/bin/env bash
# NFKC changes how many characters a Thai or Lao word has for its reader: the vowel AM (U+0E33, U+0EB3) is a
# compatibility character that comes apart into a mark and a letter, and the letter is a grapheme cluster of its own.
# regex 2024.11.6 (PyPI) with Python's unicodedata: 5 clusters become 6. Whoever counts or cuts names by clusters has
# to do it always before NFKC or always after.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q install regex==2024.11.6
"$dir/venv/bin/python" - <<'PYTHON'
import unicodedata

import regex

for word, before, after in [("ทำเนียบ", 5, 6), ("ກຳປູເຈຍ", 5, 6)]:
    composed = unicodedata.normalize("NFKC", word)
    clusters = [regex.findall(r"\X", text) for text in (word, composed)]
    print(word, clusters)
    assert [len(one) for one in clusters] == [before, after]
PYTHON
