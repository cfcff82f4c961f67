//! The questions without a connection: what the service would answer, byte for byte. The command line
//! asks so.

use std::io;

use actix_web::body::to_bytes;
use actix_web::{App, rt, test, web};
use serde_json::Value;

use super::feed::Feeds;
use super::imports::BackgroundImports;
use super::url::{BASE, UrlWriter};
use crate::engine::Engine;

/// What asks for records or for what they come to, by the tags of its route.
const TAGS: [&str; 6] = [
    "questions",
    "actors",
    "events",
    "statements",
    "relations",
    "sources",
];

/// A question, as the `OpenAPI` document describes it.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// Its name, with dashes between words.
    pub(crate) name: String,
    /// What it answers.
    pub(crate) about: String,
    /// What the path names, in order.
    pub(crate) segments: Vec<QuestionParameter>,
    /// What the query string may say.
    pub(crate) parameters: Vec<QuestionParameter>,
    path: String,
}

/// A segment of a path or a parameter, as the `OpenAPI` document describes it.
#[derive(Clone, Debug)]
pub(crate) struct QuestionParameter {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) is_required: bool,
    pub(crate) is_flag: bool,
    pub(crate) is_repeated: bool,
    /// The words that it takes; none when it takes others.
    pub(crate) words: Vec<String>,
    pub(crate) default: Option<String>,
}

/// An answer of the service.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// All questions that the service answers, in the order of their paths.
///
/// # Errors
///
/// When the `OpenAPI` document can't be written as JSON; it always can.
pub(crate) fn questions() -> serde_json::Result<Vec<Question>> {
    let document = serde_json::to_value(super::openapi())?;
    let paths = document.get("paths").and_then(Value::as_object);
    let all = paths.into_iter().flatten();
    Ok(all
        .filter_map(|(path, item)| question(path, item.get("get")?))
        .collect())
}

fn question(path: &str, operation: &Value) -> Option<Question> {
    let tags = operation.get("tags")?.as_array()?;
    let is_one = |tag: &Value| tag.as_str().is_some_and(|tag| TAGS.contains(&tag));
    if !tags.iter().any(is_one) {
        return None;
    }
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let described = |place: &str| {
        let all = parameters.into_iter().flatten();
        let here = all.filter(|one| one.get("in").and_then(Value::as_str) == Some(place));
        // What it was called before is for those who called it so.
        let now = here.filter(|one| one.get("deprecated").is_none_or(|old| old != true));
        now.filter_map(described).collect()
    };
    Some(Question {
        name: text(operation, "operationId")?.replace('_', "-"),
        about: text(operation, "summary")?,
        segments: described("path"),
        parameters: described("query"),
        path: path.to_owned(),
    })
}

fn text(value: &Value, member: &str) -> Option<String> {
    value.get(member)?.as_str().map(str::to_owned)
}

fn described(parameter: &Value) -> Option<QuestionParameter> {
    let schema = parameter.get("schema")?;
    let items = schema.get("items");
    let one = items.unwrap_or(schema);
    let words = one.get("enum").and_then(Value::as_array);
    let words = words.into_iter().flatten().filter_map(Value::as_str);
    Some(QuestionParameter {
        name: text(parameter, "name")?,
        about: text(parameter, "description")?,
        is_required: parameter
            .get("required")
            .is_some_and(|needed| needed == true),
        is_flag: one.get("type").is_some_and(|kind| kind == "boolean"),
        is_repeated: items.is_some(),
        words: words.map(str::to_owned).collect(),
        default: one.get("default").map(|value| {
            let text = value.as_str().map(str::to_owned);
            text.unwrap_or_else(|| value.to_string())
        }),
    })
}

impl Question {
    /// The path and query that ask it, of the values of its segments and of parameters.
    fn url(&self, segments: &[String], pairs: &[(String, String)]) -> String {
        let mut values = segments.iter();
        let parts = self.path.split('/').skip(1).map(|part| {
            let value = part.starts_with('{').then(|| values.next()).flatten();
            value.map_or_else(|| part.to_owned(), |value| super::url::escaped(value))
        });
        let mut link = UrlWriter::to(format!("/{}", parts.collect::<Vec<_>>().join("/")));
        for (name, value) in pairs {
            link.add(name, value);
        }
        link.into_text()
    }

    /// Asks it.
    ///
    /// # Errors
    ///
    /// When the service can't answer at all; what it refuses is a reply.
    pub(crate) fn ask(
        &self,
        engine: Engine,
        segments: &[String],
        pairs: &[(String, String)],
    ) -> io::Result<Reply> {
        let url = self.url(segments, pairs);
        let engine = web::Data::new(engine);
        rt::System::new().block_on(async {
            // The routes of the service, called in place of being listened for.
            let app = App::new()
                .app_data(engine)
                .app_data(web::Data::new(BackgroundImports::default()))
                .app_data(web::Data::new(Feeds::default()))
                .service(web::scope(BASE).configure(super::api));
            let service = test::init_service(app).await;
            let request = test::TestRequest::get().uri(&url).to_request();
            let response = test::try_call_service(&service, request).await;
            let response = response.map_err(|error| io::Error::other(error.to_string()))?;
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body()).await;
            let body = body.map_err(|error| io::Error::other(error.to_string()))?;
            Ok(Reply {
                status,
                body: body.to_vec(),
            })
        })
    }
}
