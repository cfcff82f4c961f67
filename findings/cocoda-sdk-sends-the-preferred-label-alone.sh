#!/usr/bin/env bash
# cocoda-sdk 3.6.1 (npm), ReconciliationApiProvider: of a concept with alternative labels only the preferred one is asked for.
# The labels are gathered, and then replaced by the preferred one, so that one query is sent, without a type, a limit or
# properties, and the language goes into the address alone. And `match` alone makes an exactMatch, whatever the score: of two
# results with 100 and 30 the one with `match: true` is exact. Whoever serves it must find an actor by any of its names, and
# say `match` only where nobody else may be meant.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --ignore-scripts cocoda-sdk@3.6.1
cat >ask.cjs <<'NODE'
const http = require("node:http");
const assert = require("node:assert");
const { ReconciliationApiProvider } = require("cocoda-sdk");
const asked = [];
const result = [
  { id: "a", name: "A", score: 100, match: false },
  { id: "b", name: "B", score: 30, match: true },
];
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => (body += piece));
  request.on("end", () => {
    asked.push({ type: request.headers["content-type"], queries: JSON.parse(new URLSearchParams(body).get("queries")) });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ q0: { result } }));
  });
});
server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  const provider = new ReconciliationApiProvider({ uri: "urn:x", api: url, schemes: [{ uri: "urn:s" }] });
  const from = { prefLabel: { en: "North Korea" }, altLabel: { en: ["DPRK", "Pyongyang"] } };
  const mappings = await provider.getMappings({ from, mode: "or" });
  server.close();
  console.log(JSON.stringify(asked));
  assert.deepEqual(asked, [{ type: "application/x-www-form-urlencoded", queries: { q0: { query: "North Korea" } } }]);
  const types = mappings.map((mapping) => [mapping.to.memberSet[0].uri, mapping.type[0].replace(/.*#/, "")]);
  console.log(JSON.stringify(types));
  assert.deepEqual(types, [["a", "closeMatch"], ["b", "exactMatch"]]);
});
NODE
node ask.cjs
