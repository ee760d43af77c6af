// Checks the data of a GraphQL answer: the document is executed over the recorded data, so that graphql-js itself says
// where a null, a list, an enum, a scalar or a type is not what the schema promises; what it gives back must be the data.
import { execute, getNamedType, isAbstractType, isScalarType, Kind } from "graphql";

const text = (fits, what) => (value) => {
  if (typeof value !== "string" || !fits(value)) throw new TypeError(`${JSON.stringify(value)} is not ${what}`);
  return value;
};
const SCALARS = {
  DateTime: text((it) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(it), "a DateTime"),
  GitTimestamp: text((it) => /^\d{4}-\d\d-\d\dT/.test(it), "a GitTimestamp"),
  Date: text((it) => /^\d{4}-\d\d-\d\d$/.test(it), "a Date"),
  GitObjectID: text((it) => /^[0-9a-f]{40}$/.test(it), "a GitObjectID"),
  URI: text((it) => it.startsWith("/") || URL.canParse(it), "a URI"),
  HTML: text(() => true, "HTML"),
};

// The published schema has the names of GitHub's scalars only; these are their forms.
export function strict(schema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type) && SCALARS[type.name]) type.serialize = SCALARS[type.name];
  }
  return schema;
}

// Names under which a selection on a value of this type answers.
function names(schema, type, sets, fragments, out = new Set()) {
  for (const set of sets) {
    for (const one of set.selections) {
      if (one.kind === Kind.FIELD) { out.add(one.alias?.value ?? one.name.value); continue; }
      const part = one.kind === Kind.FRAGMENT_SPREAD ? fragments[one.name.value] : one;
      const on = part.typeCondition && schema.getType(part.typeCondition.name.value);
      const fits = !on || on === type || (isAbstractType(on) && schema.isSubType(on, type));
      if (fits) names(schema, type, [part.selectionSet], fragments, out);
    }
  }
  return out;
}

// The type of a value that does not say it: the first whose names are those of the value.
function guess(value, info) {
  const sets = info.fieldNodes.map((node) => node.selectionSet).filter(Boolean);
  const said = Object.keys(value).sort().join();
  const fits = (type) => [...names(info.schema, type, sets, info.fragments)].sort().join() === said;
  return info.schema.getPossibleTypes(getNamedType(info.returnType)).find(fits)?.name;
}

const path = (at) => (at ? [...path(at.prev), at.key] : []);

function* differences(told, found, at = "data") {
  if (told === null || found === null || typeof told !== "object" || typeof found !== "object") {
    if (told !== found) yield `${at}: ${JSON.stringify(told)} where the schema makes it ${JSON.stringify(found)}`;
    return;
  }
  for (const key of new Set([...Object.keys(told), ...Object.keys(found)])) {
    const below = Array.isArray(told) ? `${at}[]` : `${at}.${key}`;
    if (!(key in told)) yield `${below} is asked for and missing`;
    else if (!(key in found)) yield `${below} was not asked for`;
    else yield* differences(told[key], found[key], below);
  }
}

/** What is wrong with the data of an answer, as sentences without the data's own positions in lists. */
export function replay(schema, document, request, body) {
  if (!("data" in body)) return body.errors?.length ? [] : ["neither data nor errors"];
  const broken = new Set((body.errors ?? []).filter((it) => it.path).map((it) => it.path.join("/")));
  const result = execute({
    schema, document, rootValue: body.data, variableValues: request.variables ?? {}, operationName: request.operationName,
    fieldResolver: (source, _args, _context, info) => {
      // What the server says that it could not answer is null, and takes with it what may not be null.
      if (broken.has(path(info.path).join("/"))) throw new Error("told");
      return source?.[info.path.key];
    },
    typeResolver: (value, _context, info) => value.__typename ?? guess(value, info),
  });
  const place = (error) => (error.path ?? []).map((it) => (typeof it === "number" ? "[]" : it)).join(".");
  const wrong = (result.errors ?? []).filter((it) => it.message !== "told").map((it) => `${place(it)}: ${it.message}`);
  return wrong.length ? wrong : [...differences(body.data, result.data ?? null)];
}
