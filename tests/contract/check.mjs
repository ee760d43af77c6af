// Validates recorded exchanges: REST against GitHub's OpenAPI, GraphQL documents, variables and data against its schema.
// Usage: node check.mjs EXCHANGES.jsonl    (written by the tests when GONOGO_RECORD_EXCHANGES names a file)
// Exit 0 when everything validates, 1 when something does not, 2 when nothing was recorded.
import fs from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { buildSchema, parse, validate } from "graphql";
import { replay, strict } from "./replay.mjs";
import { schema as idl } from "@octokit/graphql-schema";

const require = createRequire(import.meta.url);
const folder = require.resolve("@octokit/openapi/package.json").replace("package.json", "generated/");
const api = JSON.parse(fs.readFileSync(folder + "api.github.com.json", "utf8"));
const file = process.argv[2];
if (!file) { console.error("usage: node check.mjs EXCHANGES.jsonl"); process.exit(2); }
const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
if (lines.length === 0) { console.error("nothing was recorded"); process.exit(2); }

// OpenAPI 3.0 says `nullable: true` where JSON Schema says `type: [..., "null"]`.
function plain(node) {
  if (Array.isArray(node)) return node.map(plain);
  if (node === null || typeof node !== "object") return node;
  const out = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "$ref") out.$ref = value.replace("#/components/", "api#/components/");
    else if (["example", "examples", "nullable", "discriminator", "deprecated", "externalDocs", "readOnly", "xml"].includes(key) && !isProperty(node)) continue;
    // Two of GitHub's error forms have optional fields only, so that each error is both.
    else if (key === "oneOf" && value.some((one) => one.$ref?.endsWith("basic-error"))) out.anyOf = plain(value);
    else out[key] = plain(value);
  }
  if (node.nullable === true) {
    if (typeof out.type === "string") { out.type = [out.type, "null"]; if (out.enum && !out.enum.includes(null)) out.enum = [...out.enum, null]; }
    else { const inner = { ...out }; return { anyOf: [inner, { type: "null" }] }; }
  }
  return out;
}
// A map of property names is no schema: a property may well be called "example".
function isProperty(node) {
  return Object.values(node).every((value) => value && typeof value === "object") && !("type" in node && typeof node.type === "string");
}

const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true, logger: false });
addFormats(ajv);
ajv.addFormat("timestamp", true);
ajv.addFormat("repo.nwo", true);
const components = { $id: "api", components: { schemas: plain(api.components.schemas) } };
ajv.addSchema(components, "api");
const compiled = new Map();
function validator(schema) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) compiled.set(key, ajv.compile(plain(schema)));
  return compiled.get(key);
}
const deref = (node) => (node?.$ref ? node.$ref.split("/").slice(1).reduce((at, part) => at[part], api) : node);

// Its SDL repeats a field, which is no reason not to check against it.
const schema = strict(buildSchema(idl.idl, { assumeValidSDL: true, assumeValid: true }));
const failures = new Map();
const counts = { responses: 0, requests: 0, parameters: 0, documents: 0, answers: 0, bare: 0, unlisted: 0 };
const seen = new Set();
function fail(where, what) {
  const key = where + " :: " + what;
  failures.set(key, (failures.get(key) ?? 0) + 1);
}
const shown = (check) => check.errors.slice(0, 3).map((e) => `${e.instancePath || "/"} ${e.message} ${JSON.stringify(e.params)}`).join("; ");

for (const line of lines) {
  const { method, template, status } = line;
  if (!template) { counts.bare += 1; continue; }
  if (template === "/graphql") {
    if (!line.request?.query || line.body?.errors?.some((e) => e.type === undefined)) { counts.bare += 1; continue; }
    counts.documents += 1;
    let document;
    try { document = parse(line.request.query); } catch (error) { fail("/graphql", error.message); continue; }
    const wrong = validate(schema, document);
    for (const error of wrong) fail("/graphql", error.message);
    if (wrong.length || status !== 200) continue;
    counts.answers += 1;
    for (const error of replay(schema, document, line.request, line.body)) fail("/graphql data", error);
    continue;
  }
  const path = Object.keys(api.paths).find((known) => known.replace(/\{[^}]*\}/g, "{}") === template.replace(/\{[^}]*\}/g, "{}"));
  const operation = api.paths[path]?.[method.toLowerCase()];
  const where = `${method} ${template} ${status}`;
  if (!operation) {
    // The one path of our own: where the link of a job's log leads.
    if (template.endsWith("/raw-log")) counts.bare += 1; else fail(where, "no such operation in the OpenAPI");
    continue;
  }
  seen.add(`${method} ${template}`);
  const parameters = (operation.parameters ?? []).map(deref).filter((one) => one.in === "query");
  for (const [key, text] of Object.entries(line.query ?? {})) {
    const known = parameters.find((one) => one.name === key);
    // A test may ask for what GitHub refuses; what is refused is not validated.
    if (status >= 400) continue;
    counts.parameters += 1;
    if (!known) {
      if (!(key === "page" || key === "per_page")) fail(where, `query parameter ${key} is not in the OpenAPI`);
      continue;
    }
    const type = deref(known.schema)?.type;
    const value = type === "integer" ? Number(text) : type === "boolean" ? text === "true" : text;
    const check = validator(known.schema);
    if (!check(value)) fail(where, `query ${key}=${text}: ${shown(check)}`);
  }
  const body = deref(operation.requestBody)?.content?.["application/json"]?.schema;
  if (body && line.request !== null && status < 400) {
    counts.requests += 1;
    const check = validator(body);
    if (!check(line.request)) fail(where, "request " + shown(check));
  }
  const listed = operation.responses?.[String(status)];
  if (!listed) {
    // 401, 403 and 404 may come from any path; other statuses must be listed.
    if ([301, 304, 307, 401, 403, 404, 422].includes(status)) counts.unlisted += 1; else fail(where, "this status is not listed");
    continue;
  }
  const expected = deref(listed)?.content?.["application/json"]?.schema;
  if (!expected) {
    if (line.json && status < 300) fail(where, "a body where the OpenAPI has none");
    counts.bare += 1;
    continue;
  }
  counts.responses += 1;
  if (!line.json) { if (!line.headers?.["content-type"]?.startsWith("text/plain")) fail(where, "no JSON where the OpenAPI has a body"); continue; }
  const check = validator(expected);
  if (!check(line.body)) fail(where, shown(check));
}

console.log(`${lines.length} exchanges of ${seen.size} operations: ${counts.responses} responses, ${counts.requests} request bodies, ${counts.parameters} query parameters, ${counts.documents} GraphQL documents, ${counts.answers} GraphQL answers validated; ${counts.bare} without a body to check, ${counts.unlisted} statuses any path may give`);
for (const [what, count] of failures) console.log(`FAIL ×${count} ${what}`);
process.exit(failures.size ? 1 : 0);
