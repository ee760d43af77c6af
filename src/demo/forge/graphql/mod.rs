//! GraphQL over the same state: parsed, executed field by field, with partial data and errors as GitHub gives them.

mod checks;
mod commit;
mod discussion;
mod issue;
mod query;
mod run;
mod thing;

use super::call::{Answer, Call, Refusal, Reply};
use graphql_parser::query::{
    Definition, Document, OperationDefinition, Selection, SelectionSet, Value as Literal, VariableDefinition,
};
use serde_json::{Value, json};

/// `POST /graphql`
pub(super) fn post(call: &mut Call<'_>) -> Answer {
    let Some(text) = call.text("query") else {
        return Err(Refusal::new(400, "A query attribute must be specified and must be a string."));
    };
    let document: Document<'_, String> = match graphql_parser::parse_query(&text) {
        Ok(document) => document,
        Err(error) => {
            return Ok(Reply::ok(json!({ "errors": [{ "message": format!("Parse error: {error}") }] })));
        }
    };
    let (chosen, fragments) = match choose(&document, call.text("operationName").as_deref()) {
        Ok(parts) => parts,
        Err(message) => return Ok(Reply::ok(json!({ "errors": [{ "message": message }] }))),
    };
    let Some((writes, set, defaults)) = chosen else {
        return Ok(Reply::ok(json!({ "errors": [{ "message": "An operation name is required" }] })));
    };
    let mut variables =
        call.body.get("variables").cloned().filter(Value::is_object).unwrap_or_else(|| json!({}));
    for (name, default) in defaults {
        if variables.get(&name).is_none() {
            variables[&name] = default.unwrap_or(Value::Null);
        }
    }
    // What a mutation does is done first, in order; what it asks for is then read as of any other document.
    let root = match writes {
        true => thing::Thing::Done(discussion::carry_out(call, set, &variables).into()),
        false => thing::Thing::Query,
    };
    let cost = (calls(set, &fragments, &variables, 1, 0) / 100).max(1);
    let mut run = run::Run::new(call, fragments, variables, cost);
    let data = run.select(&root, set, &mut Vec::new());
    // Moved in: the macro would copy all of it.
    let mut body = json!({ "data": null });
    body["data"] = data;
    if !run.errors.is_empty() {
        body["errors"] = Value::Array(std::mem::take(&mut run.errors));
    }
    Ok(Reply { cost, ..Reply::ok(body) })
}

/// Whether an operation writes, its fields, and its variables with their defaults.
type Chosen<'d> = (bool, &'d SelectionSet<'d, String>, Vec<(String, Option<Value>)>);

/// The operation that is wanted, and all fragments of the document.
fn choose<'d>(
    document: &'d Document<'d, String>,
    wanted: Option<&str>,
) -> Result<(Option<Chosen<'d>>, Fragments<'d>), &'static str> {
    let mut chosen: Option<Chosen<'_>> = None;
    let mut fragments = std::collections::HashMap::new();
    for definition in &document.definitions {
        match definition {
            Definition::Fragment(fragment) => {
                fragments.insert(fragment.name.clone(), fragment);
            }
            Definition::Operation(OperationDefinition::Query(it)) => {
                if wanted.is_none() || wanted == it.name.as_deref() {
                    chosen = Some((false, &it.selection_set, defaults(&it.variable_definitions)));
                }
            }
            Definition::Operation(OperationDefinition::Mutation(it)) => {
                if wanted.is_none() || wanted == it.name.as_deref() {
                    chosen = Some((true, &it.selection_set, defaults(&it.variable_definitions)));
                }
            }
            Definition::Operation(OperationDefinition::SelectionSet(set)) => {
                chosen = Some((false, set, Vec::new()));
            }
            Definition::Operation(OperationDefinition::Subscription(_)) => {
                return Err("The forge of the demo executes no subscriptions.");
            }
        }
    }
    Ok((chosen, fragments))
}

fn defaults(all: &[VariableDefinition<'_, String>]) -> Vec<(String, Option<Value>)> {
    let default = |it: &VariableDefinition<'_, String>| {
        it.default_value.as_ref().map(|value| literal(value, &Value::Null))
    };
    all.iter().map(|it| (it.name.clone(), default(it))).collect()
}

/// A literal of the document as JSON, its variables replaced.
fn literal(value: &Literal<'_, String>, variables: &Value) -> Value {
    match value {
        Literal::Variable(name) => variables.get(name).cloned().unwrap_or(Value::Null),
        Literal::Int(number) => json!(number.as_i64()),
        Literal::Float(number) => json!(number),
        Literal::String(text) | Literal::Enum(text) => json!(text),
        Literal::Boolean(flag) => json!(flag),
        Literal::Null => Value::Null,
        Literal::List(list) => list.iter().map(|value| literal(value, variables)).collect(),
        Literal::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), literal(value, variables))).collect())
        }
    }
}

type Fragments<'d> =
    std::collections::HashMap<String, &'d graphql_parser::query::FragmentDefinition<'d, String>>;

/// How many requests GitHub counts for a query: one for each connection, times the nodes above it.
fn calls(
    set: &SelectionSet<'_, String>,
    fragments: &Fragments<'_>,
    variables: &Value,
    times: u64,
    deep: u8,
) -> u64 {
    if deep > 30 {
        return times;
    }
    set.items
        .iter()
        .map(|item| match item {
            Selection::Field(field) => {
                let size = field.arguments.iter().find(|(name, _)| name == "first" || name == "last");
                let size = size.and_then(|(_, value)| literal(value, variables).as_u64());
                let here = if size.is_some() { times } else { 0 };
                let below = times.saturating_mul(size.unwrap_or(1));
                here.saturating_add(calls(&field.selection_set, fragments, variables, below, deep + 1))
            }
            Selection::FragmentSpread(spread) => fragments
                .get(&spread.fragment_name)
                .map_or(0, |one| calls(&one.selection_set, fragments, variables, times, deep + 1)),
            Selection::InlineFragment(one) => {
                calls(&one.selection_set, fragments, variables, times, deep + 1)
            }
        })
        .fold(0, u64::saturating_add)
}
