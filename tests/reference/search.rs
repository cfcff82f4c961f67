//! Search against loops over plain records: which are found, how they match, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use chancery::graph::View;
use chancery::model::{Id, Kind, Record, StanceTarget, Window, fold};
use chancery::query::{Page, Scope, SearchOrder, SearchQuestion, search, search_within};
use chancery::text::TextQuery;
use frostem::{Algorithm, Stemmer};
use serde_json::to_value;

use super::answers::Reference;
use super::store::Entry;

const ALL: Page = Page {
    limit: 1_000_000,
    offset: 0,
};

/// A part of a search.
enum Part {
    Word(&'static str),
    Phrase(&'static str),
    NoWord(&'static str),
    NoPhrase(&'static str),
}
use Part::{NoPhrase, NoWord, Phrase, Word};

/// Searches, each also as what they are made of.
const ASKED: &[(&str, &[Part])] = &[
    ("front page", &[Word("front"), Word("page")]),
    ("week", &[Word("week")]),
    ("words", &[Word("words")]),
    ("so it", &[Word("so"), Word("it")]),
    ("was", &[Word("was")]),
    ("first", &[Word("first")]),
    ("negotiating", &[Word("negotiating")]),
    ("negotiation", &[Word("negotiation")]),
    ("statement joint", &[Word("statement"), Word("joint")]),
    ("\"joint statement\"", &[Phrase("joint statement")]),
    (
        "statement -\"joint statement\"",
        &[Word("statement"), NoPhrase("joint statement")],
    ),
    (
        "statement -negotiates",
        &[Word("statement"), NoWord("negotiates")],
    ),
    ("a -joint", &[Word("a"), NoWord("joint")]),
    ("переговоров", &[Word("переговоров")]),
    ("россии переговоры", &[Word("россии"), Word("переговоры")]),
    ("\"переговорах\"", &[Phrase("переговорах")]),
    ("accords", &[Word("accords")]),
    (
        "négociation -l'accord",
        &[Word("négociation"), NoWord("l'accord")],
    ),
    ("首脳会議", &[Word("首脳会議")]),
    ("\"首脳会議\"", &[Phrase("首脳会議")]),
    ("会議 -\"首脳会議\"", &[Word("会議"), NoPhrase("首脳会議")]),
    ("脳", &[Word("脳")]),
];

/// How a word matches, the best first.
const FITS: [&str; 3] = ["words", "starts", "stems"];

type Key = (String, String);

/// Asks both for records by their words; panics when they disagree.
pub(crate) fn ask_search(view: &View, entries: &[Entry], scope: &Scope, about: &str) {
    let reference = Reference::new(entries, scope);
    for (text, parts) in ASKED {
        let about = format!("{text:?}: {about}");
        let (found, undated) = found(view, scope, text, &about);
        let mut expected = BTreeMap::new();
        let mut expected_undated = 0;
        for entry in entries {
            let record = &entry.record;
            let Some(fit) = fit(entries, record, parts) else {
                continue;
            };
            let (dated, passes) = reference.finds(record);
            let leaves_out = scope.certain || scope.window != Window::ALL;
            if passes && !dated && leaves_out {
                expected_undated += 1;
            } else if passes {
                let key = (record.kind().to_string(), record.id().to_string());
                expected.insert(key, FITS[fit].to_owned());
            }
        }
        assert_eq!(found, expected, "{about}");
        assert_eq!(undated, expected_undated, "{about}");
    }
    for (all, part) in [
        ("statement", "joint"),
        ("а", "россия"),
        ("the", "\"joint statement\""),
        ("会議", "\"首脳 会議\""),
    ] {
        let keys = |text: &str| {
            found(view, scope, text, about)
                .0
                .into_keys()
                .collect::<BTreeSet<Key>>()
        };
        let (with, without) = (
            keys(&format!("{all} {part}")),
            keys(&format!("{all} -{part}")),
        );
        assert!(with.is_disjoint(&without), "{all}, {part}: {about}");
        assert_eq!(&with | &without, keys(all), "{all}, {part}: {about}");
    }
    hold_in_haste(view, scope, about);
}

fn question(scope: &Scope, text: &str) -> SearchQuestion {
    SearchQuestion {
        query: TextQuery::parse(text).unwrap(),
        kinds: vec![Kind::Event, Kind::Statement, Kind::Source],
        scope: scope.clone(),
        order: SearchOrder::Relevance,
        page: ALL,
    }
}

/// The records that are found with how they match, and how many are left out for they have no date.
fn found(view: &View, scope: &Scope, text: &str, about: &str) -> (BTreeMap<Key, String>, usize) {
    let (page, next) = search(view, &question(scope, text));
    assert_eq!((page.items.len(), next), (page.total, None));
    assert_eq!(page.warnings, []);
    let order: Vec<(usize, f64)> = page
        .items
        .iter()
        .map(|item| {
            let place = FITS.iter().position(|fit| *fit == item.fit).unwrap();
            (place, -item.score)
        })
        .collect();
    assert!(order.is_sorted(), "{order:?}: {about}");
    assert!(order.iter().all(|(_, score)| (-1.0..0.0).contains(score)));
    let items = page.items.iter().map(|item| {
        assert!(!item.highlights.is_empty(), "{about}");
        let json = to_value(&item.record).unwrap();
        let text = |name: &str| json[name].as_str().unwrap().to_owned();
        ((text("record"), text("id")), item.fit.to_owned())
    });
    (items.collect(), page.meta.undated_omitted)
}

/// Of records with a phrase, the best are read, and the answer says how many are not.
fn hold_in_haste(view: &View, scope: &Scope, about: &str) {
    let open = Scope {
        window: Window::ALL,
        certain: false,
        ..scope.clone()
    };
    let asked = question(&open, "\"joint statement\"");
    let all = search_within(view, &asked, usize::MAX).0;
    let words = search(view, &question(&open, "joint statement")).0;
    let exact = words
        .items
        .iter()
        .filter(|item| item.fit == "words")
        .count();
    for most in 0..=exact {
        let some = search_within(view, &asked, most).0;
        assert!(all.items.starts_with(&some.items), "{about}");
        assert_eq!(some.warnings.is_empty(), most == exact, "{about}");
    }
}

/// How the word that fits worst matches; `None` for a record that is not found.
fn fit(entries: &[Entry], record: &Record, parts: &[Part]) -> Option<usize> {
    let texts = texts(record);
    let languages = languages(entries, record);
    let word = |word: &str| word_fit(&texts, &languages, word);
    let mut worst = 0;
    for part in parts {
        let fit = match part {
            Word(one) => word(one)?,
            Phrase(one) => has_phrase(&texts, one).then_some(0)?,
            NoWord(one) => word(one).is_none().then_some(0)?,
            NoPhrase(one) => (!has_phrase(&texts, one)).then_some(0)?,
        };
        worst = worst.max(fit);
    }
    Some(worst)
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// How a word is in one of some texts: as it stands, by its start, by another form.
fn word_fit(texts: &[String], languages: &[Algorithm], word: &str) -> Option<usize> {
    let letters: Vec<char> = word.chars().collect();
    if letters.iter().all(|c| is_han(*c)) {
        // A letter is found wherever it stands; of several, all neighbours must be somewhere.
        let has = |part: &[char]| {
            let part: String = part.iter().collect();
            texts.iter().any(|text| text.contains(&part))
        };
        let ends = |text: &String| {
            text.split(|c: char| !c.is_alphanumeric())
                .any(|run| run.ends_with(word))
        };
        return match letters.len() {
            1 => has(&letters).then_some(usize::from(!texts.iter().any(ends))),
            _ => letters.windows(2).all(has).then_some(0),
        };
    }
    let folded = fold(word);
    let start = folded
        .strip_suffix('s')
        .filter(|start| start.is_ascii() && start.len() > 3);
    let start = start.unwrap_or(&folded);
    let tokens: Vec<String> = texts.iter().flat_map(|text| tokens(text)).collect();
    let stem = |language: &Algorithm, token: &str| fold(&Stemmer::new(*language).stem(token));
    let fits = tokens.iter().filter_map(|token| {
        if fold(token) == folded {
            return Some(0);
        }
        if folded.chars().count() >= 3 && fold(token).starts_with(start) {
            return Some(1);
        }
        let is_form = |language: &Algorithm| {
            let own = stem(language, word);
            own.chars().count() >= 3 && own == stem(language, token)
        };
        languages.iter().any(is_form).then_some(2)
    });
    fits.min()
}

fn tokens(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('’', "'");
    let tokens = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    tokens
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether the words of a phrase follow one another in one text.
fn has_phrase(texts: &[String], phrase: &str) -> bool {
    let wanted: Vec<String> = tokens(phrase).iter().map(|word| fold(word)).collect();
    texts.iter().any(|text| {
        let has: Vec<String> = tokens(text).iter().map(|word| fold(word)).collect();
        let is_han = phrase.chars().all(is_han);
        has.windows(wanted.len()).any(|some| some == wanted) || (is_han && text.contains(phrase))
    })
}

/// The languages of the sources that a record cites, or its own.
fn languages(entries: &[Entry], record: &Record) -> Vec<Algorithm> {
    let ids: Vec<&Id> = match record {
        Record::Source(source) => vec![&source.id],
        _ => record.sources().iter().map(|one| &one.source).collect(),
    };
    let cited = entries.iter().map(|entry| &entry.record);
    let cited = cited.filter(|one| one.kind() == Kind::Source && ids.contains(&one.id()));
    let tags = cited.filter_map(|one| match one {
        Record::Source(source) => source.language.as_deref(),
        _ => None,
    });
    let languages = tags.filter_map(|tag| match tag.split('-').next()? {
        "en" => Some(Algorithm::English),
        "ru" => Some(Algorithm::Russian),
        "fr" => Some(Algorithm::French),
        _ => None,
    });
    languages.collect()
}

/// The texts of a record that are searched.
fn texts(record: &Record) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut add = |text: Option<&str>| texts.extend(text.map(str::to_owned));
    match record {
        Record::Event(event) => {
            add(event.title.as_deref());
            if let Some(place) = &event.place {
                add(place.name.as_deref());
                add(place.country.as_deref());
            }
        }
        Record::Statement(statement) => {
            add(statement.text.as_deref());
            for stance in &statement.stances {
                add(stance.about.as_deref());
                // The topic that a stance is taken toward is one of the record's, or is not searched.
                assert!(!matches!(stance.toward, StanceTarget::Topic(ref t) if t.is_empty()));
            }
        }
        Record::Source(source) => {
            add(source.title.as_deref());
            add(source.publisher.as_deref());
            add(source.agency.as_deref());
            source.authors.iter().for_each(|author| add(Some(author)));
        }
        // Their titles and names are searched otherwise.
        Record::Relation(_) | Record::Actor(_) | Record::Judgement(_) => return texts,
    }
    record.topics().iter().for_each(|topic| add(Some(topic)));
    let quotes = record.sources().iter().filter_map(|c| c.quote.as_deref());
    quotes.for_each(|quote| add(Some(quote)));
    texts
}
