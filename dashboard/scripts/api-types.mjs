// Writes src/lib/api.gen.ts: the types of the API, from its OpenAPI document. Types leave no trace in
// the bundle, so the file is made before each check and is not kept.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const api = JSON.parse(readFileSync(join(root, '../api-docs/openapi.json'), 'utf8'));

const name = (ref) => ref.split('/').at(-1);
const quoted = (value) => JSON.stringify(value);
const comment = (text, indent) => (text ? `${indent}/** ${text.replaceAll('*/', '* /').replace(/\s+/g, ' ').trim()} */\n` : '');

function type(schema, indent = '') {
  if (!schema || Object.keys(schema).length === 0) return 'unknown';
  if (schema.$ref) return name(schema.$ref);
  if (schema.enum) return schema.enum.map(quoted).join(' | ');
  if (schema.const !== undefined) return quoted(schema.const);
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.map((one) => type(one, indent)).join(' | ');
  if (schema.allOf) return schema.allOf.map((one) => `(${type(one, indent)})`).join(' & ');
  if (Array.isArray(schema.type)) return schema.type.map((one) => type({ ...schema, type: one }, indent)).join(' | ');
  switch (schema.type) {
    case 'string': return 'string';
    case 'integer': case 'number': return 'number';
    case 'boolean': return 'boolean';
    case 'null': return 'null';
    case 'array': return `(${type(schema.items, indent)})[]`;
    default: return object(schema, indent);
  }
}

function object(schema, indent) {
  const deeper = indent + '  ';
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties ?? {}).map(
    ([key, value]) => `${comment(value.description, deeper)}${deeper}${quoted(key)}${required.has(key) ? '' : '?'}: ${type(value, deeper)};\n`,
  );
  if (members.length) return `{\n${members.join('')}${indent}}`;
  const values = schema.additionalProperties;
  return `Record<string, ${values && values !== true ? type(values, indent) : 'unknown'}>`;
}

const schemas = Object.entries(api.components.schemas).map(
  ([key, schema]) => `${comment(schema.description, '')}export type ${key} = ${type(schema)};\n`,
);
const gets = Object.entries(api.paths).flatMap(([path, { get }]) => {
  const ok = get?.responses['200']?.content ?? {};
  const body = (ok['application/json'] ?? Object.values(ok)[0])?.schema;
  const query = (get?.parameters ?? []).filter((one) => one.in === 'query').map((one) => quoted(one.name));
  return get ? [`  ${quoted(path)}: { answer: ${type(body, '  ')}; query: ${query.join(' | ') || 'never'} };\n`] : [];
});

writeFileSync(
  join(root, 'src/lib/api.gen.ts'),
  `// Made by scripts/api-types.mjs.\n${schemas.join('')}/** What can be read: the answer of each path, and the names of its query's parameters. */\nexport interface Reads {\n${gets.join('')}}\n`,
);
