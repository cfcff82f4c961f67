#!/usr/bin/env bash
# anyascii 0.3.3 (PyPI) reads every Han character in Chinese. Names of Japanese ministers and towns come out as Chinese
# words, and two provinces that differ by one character come out alike: what it makes of a name is no id, and no
# reading that a person of that name would know.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q install anyascii==0.3.3
"$dir/venv/bin/python" - <<'PYTHON'
from anyascii import anyascii

seen = {name: anyascii(name) for name in ["林芳正", "東京", "山西", "陕西"]}
print(seen)
assert seen["林芳正"] == "LinFangZheng", "a Japanese name, read Hayashi Yoshimasa"
assert seen["東京"] == "DongJing", "Tokyo"
assert seen["山西"] == seen["陕西"] == "ShanXi", "Shanxi and Shaanxi"
PYTHON
