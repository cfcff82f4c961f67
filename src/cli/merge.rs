//! `chancery merge` and `chancery revert`: merges of actors, and their reverts.

use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::{BoolishValueParser, PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::exit::CliError;
use super::question::{self, AnswerFormat, id};
use super::table::Table;
use super::terminal;
use crate::engine::{
    Engine, ImportOptions, ImportStatus, KnownAt, OnError, Progress, Write, WriteMode, defaults,
    not_found,
};
use crate::graph::{Term, View};
use crate::ingest::{Input, InputFormat};
use crate::model::{Id, Kind};
use crate::query::answer::MergePreview;
use crate::query::{self, MergeRule};

/// Merge an actor into another, or all pairs that a rule finds, in one commit
///
/// A merge changes no other record: from its commit on, answers show the survivor, until `chancery
/// revert` reverts the merge. To merge actors listed in a file, import judgements.
#[derive(Debug, clap::Args)]
pub(super) struct MergeArgs {
    /// The id of the actor that is merged
    #[arg(requires = "other", required_unless_present = "rule", value_parser = id)]
    actor: Option<Id>,
    /// The actor that survives: an id, a code, a name or an alias
    other: Option<String>,
    /// Instead of one actor, merge all pairs that this rule finds. `name_in_parentheses` merges "X
    /// (Country)" into "X"
    #[arg(long, env = "CHANCERY_RULE", conflicts_with = "actor", value_parser = rules())]
    rule: Option<MergeRule>,
    /// The reason for the merge
    #[arg(long, env = "CHANCERY_REASON", value_name = "TEXT")]
    reason: Option<String>,
    /// Who decided; with --rule, the default is the name of the rule
    #[arg(long, env = "CHANCERY_DECIDED_BY", value_name = "NAME")]
    decided_by: Option<String>,
    /// Merge even if a judgement says that the two actors are different
    #[arg(long, env = "CHANCERY_DESPITE_DIFFERENT", value_parser = BoolishValueParser::new())]
    despite_different: bool,
    /// Show what the merges would do, and write nothing
    #[arg(long, env = "CHANCERY_DRY_RUN", value_parser = BoolishValueParser::new())]
    dry_run: bool,
    /// The data directory
    #[arg(long, env = "CHANCERY_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The output format; tables truncate long texts
    #[arg(long, env = "CHANCERY_FORMAT", value_enum, default_value = "table")]
    format: AnswerFormat,
}

/// Revert a merge, so that the two actors are separate again
#[derive(Debug, clap::Args)]
pub(super) struct RevertArgs {
    /// The id of the judgement that made the merge, as `chancery ask merges` lists it
    #[arg(value_parser = id)]
    judgement: Id,
    /// The data directory
    #[arg(long, env = "CHANCERY_DATA", value_name = "DIR")]
    data: PathBuf,
}

/// Reads the word of a rule.
fn rules() -> impl TypedValueParser<Value = MergeRule> {
    let words = PossibleValuesParser::new(MergeRule::ALL.map(MergeRule::as_str));
    words.try_map(|word| {
        let found = MergeRule::ALL
            .into_iter()
            .find(|rule| rule.as_str() == word);
        found.ok_or("is not a rule")
    })
}

pub(super) fn run(args: &MergeArgs) -> Result<(), CliError> {
    let (engine, _) = Engine::open_existing(&args.data)?;
    let view = engine.view(KnownAt::Now)?;
    let pairs = match (args.rule, &args.actor, &args.other) {
        (None, Some(actor), Some(other)) => vec![pair(&view, actor, other)?],
        (Some(rule), ..) => rule.pairs(&view),
        // clap asks for one or the other.
        (None, ..) => Vec::new(),
    };
    let previews: Vec<_> = pairs
        .iter()
        .map(|(actor, other)| (*actor, *other, query::preview_merge(&view, *actor, *other)))
        .collect();
    if let Some((actor, other, _)) = previews
        .iter()
        .find(|(.., preview)| !preview.different.is_empty())
        && !args.despite_different
    {
        return Err(CliError::Usage {
            problem: format!(
                "{} and {} have been judged to be different",
                view.text(*actor),
                view.text(*other)
            ),
            remedy: "add --despite-different to merge them anyway".to_owned(),
        });
    }
    show(args.format, &view, &previews)?;
    write(&engine, &view, args, &pairs)
}

fn pair(view: &View, actor: &Id, other: &str) -> Result<(Term, Term), CliError> {
    let found = query::actor_with_id(view, actor.as_str());
    let actor = found.ok_or_else(|| not_found(view, Kind::Actor, actor.as_str()))?;
    Ok((actor, view.resolve(other, None)?.actor))
}

fn show(
    format: AnswerFormat,
    view: &View,
    previews: &[(Term, Term, MergePreview<'_>)],
) -> Result<(), CliError> {
    let all: Vec<_> = previews
        .iter()
        .map(|(actor, other, preview)| {
            json!({ "actor": view.text(*actor), "other": view.text(*other), "preview": preview })
        })
        .collect();
    question::print(format, &all, || {
        let head = [
            "actor",
            "name",
            "into",
            "name",
            "records",
            "links lost",
            "clashes",
        ];
        let mut table = Table::new(head);
        for (actor, other, preview) in previews {
            let name = |actor: Term| query::actor_brief(view, actor).name.into_owned();
            let clashes = preview.code_clashes.len()
                + preview.name_clashes.len()
                + preview.office_clashes.len()
                + usize::from(preview.kinds_differ.is_some());
            table.push([
                view.text(*actor).to_owned(),
                name(*actor),
                view.text(*other).to_owned(),
                name(*other),
                preview.records.to_string(),
                preview.links_lost.count.to_string(),
                clashes.to_string(),
            ]);
        }
        table
    })
}

/// Writes the judgements as one import: all or none.
fn write(
    engine: &Engine,
    view: &View,
    args: &MergeArgs,
    pairs: &[(Term, Term)],
) -> Result<(), CliError> {
    let rule = args.rule.map(|rule| format!("rule {}", rule.as_str()));
    let decided_by = args.decided_by.clone().or(rule);
    let lines = pairs.iter().map(|(actor, other)| {
        let mut line = json!({
            "record": "judgement", "verdict": "same",
            "actor": view.text(*actor), "other": view.text(*other),
        });
        let said = [("reason", &args.reason), ("decided_by", &decided_by)];
        for (member, text) in said
            .into_iter()
            .filter_map(|(member, text)| Some((member, text.as_ref()?)))
        {
            if let Some(members) = line.as_object_mut() {
                members.insert(member.to_owned(), text.as_str().into());
            }
        }
        line.to_string()
    });
    let options = ImportOptions {
        id: engine.import_id(),
        dataset: defaults(None).dataset,
        format: Some(InputFormat::JsonLines),
        on_error: OnError::Reject,
        dry_run: args.dry_run,
    };
    let input = Input::bytes(lines.collect::<Vec<_>>().join("\n"));
    let report = engine.import(input, options, Arc::new(Progress::default()))?;
    if report.status == ImportStatus::Rejected {
        let why = report.rejects.first();
        let why = why.map_or_else(String::new, |reject| {
            format!("{}: {}", reject.field, reject.problem)
        });
        return Err(CliError::Rejected(why));
    }
    let said = match report.status {
        ImportStatus::Committed => format!(
            "{} merged by import {}; chancery revert reverts one merge, DELETE /api/v1/imports/{} all",
            report.total(|counts| counts.new),
            report.id,
            report.id
        ),
        ImportStatus::Checked => "a dry run, nothing written".to_owned(),
        ImportStatus::Unchanged
        | ImportStatus::Rejected
        | ImportStatus::Running
        | ImportStatus::Undone
        | ImportStatus::Failed => "there is nothing to merge".to_owned(),
    };
    terminal::say(format_args!("{said}"));
    Ok(())
}

pub(super) fn revert(args: &RevertArgs) -> Result<(), CliError> {
    let (engine, _) = Engine::open_existing(&args.data)?;
    let view = engine.view(KnownAt::Now)?;
    let judgement = &args.judgement;
    let row = view.find(Kind::Judgement, judgement.as_str());
    let row = row.ok_or_else(|| not_found(&view, Kind::Judgement, judgement.as_str()))?;
    let Some(merge) = query::merge(&view, row) else {
        return Err(CliError::Usage {
            problem: format!("judgement {judgement} is not a merge"),
            remedy: "`chancery ask merges` lists the merges".to_owned(),
        });
    };
    engine.write(Write {
        mode: WriteMode::Delete(Kind::Judgement, judgement.clone()),
        condition: None,
    })?;
    let stay = query::recorded_since(&view, row).count;
    terminal::say(format_args!(
        "{} and {} are separate again; {stay} records written since the merge name {} and stay with it",
        merge.judgement.actor.id, merge.judgement.other.id, merge.judgement.other.id
    ));
    Ok(())
}
