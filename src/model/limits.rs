//! Limits on what one record may hold. The unit is in the name.

/// Bytes of an id.
pub const ID_MAX_BYTES: usize = 128;
/// Bytes of a name, an alias, a title of an office or an event, a place.
pub const NAME_MAX_BYTES: usize = 65_536;
/// Bytes of a statement's text, a quote or a description.
pub const TEXT_MAX_BYTES: usize = 262_144;
/// Bytes of a topic, a code, a language tag or a locator.
pub const LABEL_MAX_BYTES: usize = 1_024;
/// Actors that one event or statement may name, all roles together. Every pair of them may be a
/// link, so this bounds the links of one record to about thirty thousand.
pub const PARTICIPANTS_MAX: usize = 256;
/// Aliases of one actor.
pub const ALIASES_MAX: usize = 1_000;
/// Entries of any other list in a record: topics, citations, links, stances, codes, authors.
pub const LIST_MAX: usize = 256;
/// Bytes of an event's free `attributes`, as compact JSON.
pub const ATTRIBUTES_MAX_BYTES: usize = 65_536;
