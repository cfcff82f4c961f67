// Asks a service of the Reconciliation API by cocoda-sdk for each name of a JSON list on standard input, and prints
// the list of what it makes of the answers: the ids of each name with the kind of match, the best first.
//
//   node reconcile.mjs SERVICE < names.json

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

// The packages lie beside the build, not beside this file.
const packages = createRequire(`${process.env.PEERS_NPM}/package.json`);
const { ReconciliationApiProvider } = packages("cocoda-sdk");

const namespace = "https://chancery.example/actors/";
const scheme = { uri: "https://chancery.example/", namespace };
const asked = new ReconciliationApiProvider({
  uri: "https://chancery.example/reconcile",
  api: process.argv[2],
  schemes: [scheme],
});

const names = JSON.parse(readFileSync(0, "utf8"));
const found = [];
for (const name of names) {
  const mappings = await asked.getMappings({ from: { prefLabel: { en: name } }, mode: "or" });
  found.push(
    mappings.map((mapping) => ({
      id: mapping.to.memberSet[0].uri.slice(namespace.length),
      type: mapping.type[0].replace(/.*#/, ""),
    })),
  );
}
console.log(JSON.stringify(found));
