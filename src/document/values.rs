//! The values that the shapes are made of, as schemas: each says what the reader of records takes.
//!
//! The lists of words are those of the model, so that they can't differ from what is read. Nothing
//! here holds a value: the types only stand for schemas.

use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Ref, RefOr, schema};
use utoipa::{PartialSchema, ToSchema};

use crate::model::date::MAX_DATE_BYTES;
use crate::model::{
    ActorKind, EventType, ID_MAX_BYTES, LABEL_MAX_BYTES, LIST_MAX, LinkKind, NAME_MAX_BYTES,
    RelationKind, Role, SourceKind, StanceKind, Status, TEXT_MAX_BYTES, Verdict,
};

/// The name of the format of dates: EDTF, the Extended Date/Time Format (ISO 8601-2).
pub const DATE_FORMAT: &str = "edtf";

/// Declares a type that stands for a schema.
macro_rules! value {
    ($(#[$doc:meta])* $name:ident, $schema:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let object: Object = $schema;
                RefOr::T(Schema::Object(object))
            }
        }

        impl ToSchema for $name {}
    };
}

fn string(description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(schema::SchemaType::Type(Type::String))
        .description(Some(description))
}

/// One of some words, spelled exactly so.
fn words(description: &str, words: impl IntoIterator<Item = &'static str>) -> Object {
    string(description).enum_values(Some(words)).build()
}

/// A text of at most `max` bytes. JSON Schema counts characters, of which there are never more.
fn text(description: &str, max: usize) -> Object {
    string(description)
        .min_length(Some(1))
        .max_length(Some(max))
        .pattern(Some(text_pattern()))
        .build()
}

fn label() -> Object {
    text("A short text, at most 1,024 bytes.", LABEL_MAX_BYTES)
}

/// Not blank, and without control characters other than tab and line breaks. White space around
/// the text is cut off, and some of it would be refused inside.
fn text_pattern() -> String {
    // Written out, since regular expressions differ in what `\s` is.
    const SPACE: &str = r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";
    const CONTROL: &str = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f";
    const EITHER: &str = r"\u0000- \u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";
    format!("^[{SPACE}]*[^{EITHER}](?:[^{CONTROL}]*[^{EITHER}])?[{SPACE}]*$")
}

/// A pattern that `word` fits in any case.
fn any_case(word: &str) -> String {
    let either = |c: char| ['[', c.to_ascii_uppercase(), c.to_ascii_lowercase(), ']'];
    word.chars().flat_map(either).collect()
}

value! {
    /// An id of a record or of a data set.
    Id, string("An id. It consists of a-z and 0-9; after the first character, also of '.', '_', ':' and '-'.")
        .pattern(Some(format!("^[a-z0-9][a-z0-9._:-]{{0,{}}}$", ID_MAX_BYTES - 1)))
        .examples(["antony-blinken"])
        .build()
}
value! {
    /// A name, a title or a place.
    NameText, text("A name or a title, at most 65,536 bytes.", NAME_MAX_BYTES)
}
value! {
    /// A longer text.
    ProseText, text("A text, at most 262,144 bytes.", TEXT_MAX_BYTES)
}
value! {
    /// A topic, a code, a language tag, a locator.
    LabelText, label()
}
value! {
    /// A date.
    EdtfDate, string(
        "A date in EDTF (ISO 8601-2): `2023-06-16`, `2023-06`, `2023`, `202X`, `2023-06-16?`, \
         `2023-06-18/2023-06-19` (a period), `2023-06/..` (an ongoing period), \
         `[..2023-06]` (one day, no later than the end of the month), \
         `[2023-06-01,2023-06-03]` (one of these days). Levels 0 and 1 and one-of sets are supported.")
        .format(Some(SchemaFormat::Custom(DATE_FORMAT.into())))
        .min_length(Some(4))
        .max_length(Some(MAX_DATE_BYTES))
        // Which of these texts are dates is for the format to say.
        .pattern(Some(r"^[0-9TXZ?~%:,.+/\[\]-]+$"))
        .examples(["2023-06-16", "2023-06-18/2023-06-19"])
        .build()
}
value! {
    /// The beginning or the end of a period.
    PeriodEnd, string(
        "The beginning or the end of a period: an EDTF date as elsewhere, but not a period from one date to \
         another. `[..2023-06-16]` means no later than that day, `[2023-06-16..]` no earlier.")
        .format(Some(SchemaFormat::Custom(DATE_FORMAT.into())))
        .min_length(Some(4))
        .max_length(Some(MAX_DATE_BYTES))
        .pattern(Some(r"^(\.\.)?/?[0-9TXZ?~%:,.+\[\]-]+/?(\.\.)?$"))
        .examples(["2023-06-16", "[..2023-06-16]"])
        .build()
}
value! {
    /// A CAMEO code.
    CameoCode, string("A CAMEO code: two to four digits as a string, because leading zeros are significant.")
        .pattern(Some("^(0[1-9]|1[0-9]|20)[0-9]{0,2}$"))
        .examples(["041"])
        .build()
}
value! {
    /// A PLOVER type.
    PloverType, string(
        "A PLOVER event type in any case: AGREE, CONSULT, SUPPORT, CONCEDE, COOPERATE, AID, \
         RETREAT, REQUEST, ACCUSE, REJECT, THREATEN, PROTEST, SANCTION, MOBILIZE, COERCE or \
         ASSAULT. The older types are also accepted: DEMAND is read as REQUEST, and DISAPPROVE and \
         INVESTIGATE are read as ACCUSE.")
        .pattern(Some(format!("^({})$", plover_words().collect::<Vec<_>>().join("|"))))
        .examples(["CONSULT"])
        .build()
}
value! {
    /// Codes by scheme.
    Codes, ObjectBuilder::new()
        .description(Some("Codes by scheme: `iso3`, `cow`, `cameo`, `wikidata`…"))
        .property_names(Some(label()))
        .additional_properties(Some(Ref::from_schema_name("LabelText")))
        .max_properties(Some(LIST_MAX))
        .examples([serde_json::json!({ "iso3": "USA", "wikidata": "Q30" })])
        .build()
}
value! {
    /// The kind of a source.
    SourceKindWord, words("The kind of a source.", SourceKind::ALL.iter().map(|k| k.as_str()))
}
value! {
    /// The kind of an actor.
    ActorKindWord, words("The kind of an actor.", ActorKind::ALL.iter().map(|k| k.as_str()))
}
value! {
    /// The kind of a relation between two actors.
    RelationKindWord, words("The kind of a relation.", RelationKind::ALL.iter().map(|k| k.as_str()))
}
value! {
    /// The verdict of a judgement.
    VerdictWord, words("The verdict of a judgement.", Verdict::ALL.iter().map(|k| k.as_str()))
}
value! {
    /// Whether an event took place.
    StatusWord, words("Whether an event took place.", Status::ALL.iter().map(|k| k.as_str()))
}
value! {
    /// The role of an actor in an event.
    RoleWord, words("The role of an actor in an event.", Role::OF_EVENTS.iter().map(|k| k.as_str()))
}
value! {
    /// How one event relates to another.
    LinkKindWord, words("How one event relates to another.", LinkKind::ALL.iter().map(|k| k.as_str()))
}
value! {
    /// The kind of a stance.
    StanceWord, words("The kind of a stance.", StanceKind::ALL.iter().map(|k| k.as_str()))
}

fn plover_words() -> impl Iterator<Item = String> {
    let current = EventType::ALL.into_iter().map(EventType::as_str);
    current.chain(EventType::older_names()).map(any_case)
}
