//! Flags of declared parameters: each has the name, the words and the default of its declaration, and its
//! documentation for help.

use std::ffi::OsStr;

use clap::builder::{BoolishValueParser, PossibleValue, StringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};

use crate::parameter::{
    Fault, GivenValues, Miscount, Parameter, ParameterRefusal, Params, ValueShape,
};

/// What the flags of some parameters say.
#[derive(Clone, Debug)]
pub(super) struct Flags<P>(pub(super) P);

impl<P: Params> clap::Args for Flags<P> {
    fn augment_args(command: Command) -> Command {
        let declared = declared::<P>().into_iter();
        command.args(declared.map(|parameter| Flag::from(parameter).arg()))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<P: Params> FromArgMatches for Flags<P> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let declared = declared::<P>();
        let mut given = GivenValues::default();
        for parameter in &declared {
            for text in Flag::from(*parameter).texts(matches) {
                given.push(parameter, text);
            }
        }
        given.check_counts(&declared).map_err(miscounted)?;
        P::read(&given).map(Self).map_err(refused)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn declared<P: Params>() -> Vec<&'static Parameter> {
    let mut declared = Vec::new();
    P::declare(&mut declared);
    declared
}

/// A flag.
#[derive(Clone, Debug)]
pub(super) struct Flag {
    /// The name of its parameter.
    pub(super) name: String,
    /// What it does.
    pub(super) about: String,
    /// What it takes.
    pub(super) form: Form,
    /// Whether it may be given several times.
    pub(super) is_repeated: bool,
    /// What counts when it is not given, for help.
    pub(super) default: Option<String>,
    /// Names that its parameter had before.
    pub(super) aliases: Vec<String>,
}

/// What a flag takes.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// Nothing.
    Switch,
    /// One of these words.
    Words(Vec<String>),
    /// Text that is called so.
    Text(&'static str),
}

impl From<&Parameter> for Flag {
    fn from(parameter: &Parameter) -> Self {
        Self {
            name: parameter.name.to_owned(),
            about: parameter.about().to_owned(),
            form: match parameter.shape {
                ValueShape::Flag => Form::Switch,
                ValueShape::Word(words) => {
                    Form::Words(words().into_iter().map(str::to_owned).collect())
                }
                ValueShape::Actor => Form::Text("ACTOR"),
                ValueShape::Date => Form::Text("DATE"),
                ValueShape::WholeNumber(..) => Form::Text("N"),
                ValueShape::Share => Form::Text("0..1"),
                ValueShape::Cameo => Form::Text("CODE"),
                ValueShape::Id => Form::Text("ID"),
                ValueShape::Text(_) => Form::Text("TEXT"),
                ValueShape::Commit => Form::Text("COMMIT"),
                ValueShape::KnownAt => Form::Text("COMMIT|INSTANT"),
                ValueShape::Cursor => Form::Text("CURSOR"),
            },
            is_repeated: parameter.times.most() > 1,
            default: parameter.default.map(str::to_owned),
            aliases: parameter
                .aliases
                .iter()
                .map(|alias| (*alias).to_owned())
                .collect(),
        }
    }
}

/// The name of a parameter's flag.
fn long(name: &str) -> String {
    name.replace('_', "-")
}

impl Flag {
    /// The flag for clap, with its twin in the environment.
    pub(super) fn arg(&self) -> Arg {
        // A default is not clap's: what was not given must stay told from what was.
        let default = match (&self.form, &self.default) {
            (Form::Switch, _) | (_, None) => String::new(),
            (Form::Words(_) | Form::Text(_), Some(default)) => format!(" [default: {default}]"),
        };
        let help = self.about.strip_suffix('.').unwrap_or(&self.about);
        let arg = Arg::new(self.name.clone())
            .long(long(&self.name))
            .env(format!("CHANCERY_{}", self.name.to_uppercase()))
            .help(format!("{help}{default}"));
        let aliases = self.aliases.iter();
        let arg = aliases.fold(arg, |arg, alias| arg.alias(long(alias)));
        let action = if self.is_repeated {
            ArgAction::Append
        } else {
            ArgAction::Set
        };
        match &self.form {
            Form::Switch => arg
                .action(ArgAction::SetTrue)
                .value_parser(BoolishValueParser::new()),
            Form::Words(words) => arg.action(action).value_parser(FlagWords(words.clone())),
            Form::Text(name) => arg
                .action(action)
                .value_name(*name)
                .value_parser(StringValueParser::new()),
        }
    }

    /// What it says, as a query string would.
    pub(super) fn texts(&self, matches: &ArgMatches) -> Vec<String> {
        if matches!(self.form, Form::Switch) {
            let flag = matches.get_flag(&self.name);
            return flag.then(|| "true".to_owned()).into_iter().collect();
        }
        let texts = matches.get_many::<String>(&self.name);
        texts.into_iter().flatten().cloned().collect()
    }
}

fn miscounted(miscount: Miscount) -> clap::Error {
    let kind = match miscount {
        Miscount::TooOften { .. } => ErrorKind::TooManyValues,
        Miscount::Missing(_) => ErrorKind::MissingRequiredArgument,
    };
    clap::Error::raw(kind, format!("--{miscount}\n"))
}

fn refused(refusal: ParameterRefusal) -> clap::Error {
    let ParameterRefusal {
        parameter,
        value,
        fault: Fault {
            problem,
            suggestion,
        },
    } = refusal;
    let hint = suggestion.map_or_else(String::new, |better| format!("; try {better}"));
    let said = format!(
        "invalid value {value:?} for '--{}': {problem}{hint}\n",
        long(parameter)
    );
    clap::Error::raw(ErrorKind::ValueValidation, said)
}

/// Words that help and completion list. They are read where all values are.
#[derive(Clone)]
struct FlagWords(Vec<String>);

impl TypedValueParser for FlagWords {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}
