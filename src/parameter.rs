//! Parameters of questions, each declared once.
//!
//! A declaration ([`parameters!`]) is a field of a struct: its type says what a value looks like and how
//! often it is given, its documentation is what `OpenAPI` and `--help` say. From it come the reading of a
//! query string with all its checks, the description, the flag of the command line, and how the value
//! is written in a URL. Whoever asks a question gets the struct, so a parameter that nobody declared
//! can't be asked for.
//!
//! Nothing here knows of HTTP or of a terminal: what is read are names and values.

mod value;

use std::borrow::Cow;
use std::fmt;

use crate::model::Window;

pub(crate) use value::word_values;
pub use value::{
    ActorName, Bound, Chars, CommitNumber, CursorText, Few, OneOf, Twice, VALUES_MAX, WholeNumber,
    WordList,
};

/// What a value of a parameter looks like.
#[derive(Clone, Copy, Debug)]
pub enum ValueShape {
    /// An actor's id, code, name, alias or office.
    Actor,
    /// An EDTF date.
    Date,
    /// `true` or `false`.
    Flag,
    /// A whole number with its bounds.
    WholeNumber(usize, usize),
    /// A number from 0 to 1.
    Share,
    /// One of some words, in the case shown.
    Word(fn() -> Vec<&'static str>),
    /// The start of a CAMEO code.
    Cameo,
    /// An id.
    Id,
    /// Any text of so many characters.
    Text(usize),
    /// The number of a commit.
    Commit,
    /// The number of a commit, or an instant.
    KnownAt,
    /// The cursor of a page.
    Cursor,
}

/// How often a parameter is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplicity {
    /// Once or not at all.
    Optional,
    /// Once.
    Required,
    /// Up to so many times.
    UpTo(usize),
    /// Twice or not at all.
    Twice,
}

impl Multiplicity {
    /// How often at most.
    pub const fn most(self) -> usize {
        match self {
            Self::Optional | Self::Required => 1,
            Self::Twice => 2,
            Self::UpTo(times) => times,
        }
    }
}

/// The declaration of a parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What a value looks like.
    pub shape: ValueShape,
    /// How often it is given.
    pub times: Multiplicity,
    /// The lines of its documentation as they stand in the source, each with a space before it.
    pub doc: &'static str,
    /// A value, for example.
    pub example: Option<&'static str>,
    /// What counts when it is not given, as it would be written.
    pub default: Option<&'static str>,
    /// Names that it had before. They are read, and marked as deprecated where it is described.
    pub aliases: &'static [&'static str],
    /// The parameter of which this is another name.
    pub same_as: Option<&'static str>,
}

impl Parameter {
    /// What it does; ends with a full stop.
    pub fn about(&self) -> &'static str {
        self.doc.trim_start()
    }

    /// Whether it has this name, now or before.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

/// What is wrong with a value, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub problem: String,
    /// What may be meant.
    pub suggestion: Option<String>,
}

/// Why a value of a parameter is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterRefusal {
    /// The name of the parameter.
    pub parameter: &'static str,
    /// The value.
    pub value: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What the value of a parameter is read as.
pub trait Value: Sized {
    /// What it looks like.
    const SHAPE: ValueShape;

    /// Reads a value of the parameter of this name.
    ///
    /// # Errors
    ///
    /// When `text` stands for no value.
    fn read(text: &str, name: &'static str) -> Result<Self, Fault>;

    /// The text that [`read`](Value::read) reads as this.
    fn spell(&self) -> Cow<'_, str>;
}

/// What all values of a parameter are read as: one that is there or not ([`Option`]), any number
/// ([`Vec`]), or one that has a default or must be given (the value itself).
pub trait ParameterField: Sized {
    /// What a value looks like.
    const SHAPE: ValueShape;
    /// How often it is given, when there is no default.
    const TIMES: Multiplicity;

    /// Reads what was given.
    ///
    /// # Errors
    ///
    /// When a value stands for nothing.
    fn read(given: &GivenValues, parameter: &'static Parameter) -> Result<Self, ParameterRefusal>;

    /// Passes on the text of each value.
    fn spell(&self, each: &mut dyn FnMut(Cow<'_, str>));
}

/// What the values of some parameters are read as.
pub trait Params: Sized {
    /// Adds the declarations, in the order of the documentation.
    fn declare(list: &mut Vec<&'static Parameter>);

    /// Reads what was given. It reads by name and looks at nothing else: what may be given was checked
    /// before.
    ///
    /// # Errors
    ///
    /// The first value that stands for nothing.
    fn read(given: &GivenValues) -> Result<Self, ParameterRefusal>;

    /// Passes on name and text of each value that is not the default.
    fn spell(&self, each: &mut dyn FnMut(&'static str, Cow<'_, str>));
}

/// [`Params`] that are all of what a question is asked.
pub trait ParamSet: Params + Send + 'static {
    /// The declarations, in the order of the documentation.
    fn all() -> &'static [&'static Parameter];
}

/// Adds a declaration. One that is there already keeps its place, so that a group can say where a
/// parameter is described that another group reads.
pub fn declare(list: &mut Vec<&'static Parameter>, parameter: &'static Parameter) {
    let same = |other: &&Parameter| other.name == parameter.name && other.doc == parameter.doc;
    if !list.iter().any(same) {
        list.push(parameter);
    }
}

/// Values that were given, each with its parameter, in the order in which they were.
#[derive(Clone, Debug, Default)]
pub struct GivenValues {
    pairs: Vec<(&'static Parameter, String)>,
}

impl GivenValues {
    /// Adds a value.
    pub fn push(&mut self, parameter: &'static Parameter, value: String) {
        self.pairs.push((parameter, value));
    }

    /// The values of a parameter, each with that under whose name it was given: those under its own
    /// name, then those under another.
    pub fn all(&self, name: &'static str) -> impl Iterator<Item = (&'static Parameter, &str)> {
        let own = self.pairs.iter().filter(move |(of, _)| of.name == name);
        let other = self
            .pairs
            .iter()
            .filter(move |(of, _)| of.same_as == Some(name));
        own.chain(other).map(|(of, value)| (*of, value.as_str()))
    }

    /// Names and values, in the order in which they were given.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter();
        pairs.map(|(parameter, value)| (parameter.name, value.as_str()))
    }

    /// The values that name actors.
    pub fn actors(&self) -> impl Iterator<Item = &str> {
        let named = self.pairs.iter();
        let named = named.filter(|(parameter, _)| matches!(parameter.shape, ValueShape::Actor));
        named.map(|(_, value)| value.as_str())
    }

    /// Checks that each of some parameters is given as often as it may be.
    ///
    /// # Errors
    ///
    /// The first that is given too often, or must be given and is not.
    pub fn check_counts(&self, known: &[&'static Parameter]) -> Result<(), Miscount> {
        let repeats = self.repeats();
        let doubtful =
            |parameter: &&&Parameter| repeats || parameter.times == Multiplicity::Required;
        for parameter in known.iter().filter(doubtful) {
            let name = parameter.name;
            let times = self.pairs.iter().filter(|(of, _)| of.name == name).count();
            let most = parameter.times.most();
            if times > most {
                return Err(Miscount::TooOften { name, times, most });
            }
            if times == 0 && parameter.times == Multiplicity::Required {
                return Err(Miscount::Missing(name));
            }
        }
        Ok(())
    }

    /// Whether some parameter is given more than once. Mostly none is, and nothing needs counting.
    fn repeats(&self) -> bool {
        (1..).zip(&self.pairs).any(|(after, (of, _))| {
            let mut others = self.pairs.iter().skip(after);
            others.any(|(other, _)| other.name == of.name)
        })
    }
}

/// A parameter that is not given as often as it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miscount {
    /// More often than is taken.
    TooOften {
        /// Its name.
        name: &'static str,
        /// How often it is given.
        times: usize,
        /// How often it is taken.
        most: usize,
    },
    /// Not at all.
    Missing(&'static str),
}

impl fmt::Display for Miscount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooOften { name, times, most } => {
                write!(f, "{name} is given {times} times; the maximum is {most}")
            }
            Self::Missing(name) => write!(f, "{name} is required"),
        }
    }
}

/// Reads a value of a parameter.
///
/// # Errors
///
/// When it stands for nothing.
pub fn read_value<T: Value>(
    text: &str,
    parameter: &'static Parameter,
) -> Result<T, ParameterRefusal> {
    T::read(text, parameter.name).map_err(|fault| ParameterRefusal {
        parameter: parameter.name,
        value: text.to_owned(),
        fault,
    })
}

/// Declares what a question is asked: a struct of which each documented field is a parameter.
///
/// ```text
/// parameters! {
///     /// What rankings are asked.
///     pub(super) struct RankingsParams {
///         /// What actors are ranked by.
///         by: Measure = "degree",
///         seed: SeedParams,
///     }
/// }
/// ```
///
/// A field without documentation is a group of parameters that is declared elsewhere. What stands before
/// the name in brackets after `#` says the rest: `#[spelled("type")]` where the name is no name of Rust,
/// `#[example("usa")]`, `#[alias("old_name")]`.
macro_rules! parameters {
    (@or $default:expr;) => { $default };
    (@or $default:expr; $given:literal) => { $given };
    (@if_any) => { None };
    (@if_any $given:literal) => { Some($given) };

    (@times $type:ty;) => { <$type as $crate::parameter::ParameterField>::TIMES };
    (@times $type:ty; $default:literal) => { $crate::parameter::Multiplicity::Optional };

    (@parameter $field:ident $type:ty, [$($doc:literal)+] [$($spelled:literal)?] [$($example:literal)?]
        [$($alias:literal)*] [$($default:literal)?]) => {{
        const DECLARED: &$crate::parameter::Parameter = &$crate::parameter::Parameter {
            name: $crate::parameter::parameters!(@or stringify!($field); $($spelled)?),
            shape: <$type as $crate::parameter::ParameterField>::SHAPE,
            times: $crate::parameter::parameters!(@times $type; $($default)?),
            doc: concat!($($doc),+),
            example: $crate::parameter::parameters!(@if_any $($example)?),
            default: $crate::parameter::parameters!(@if_any $($default)?),
            aliases: &[$($alias),*],
            same_as: None,
        };
        DECLARED
    }};

    // A group.
    (@declare $list:ident, $field:ident $type:ty, [] $($rest:tt)*) => {
        <$type as $crate::parameter::Params>::declare($list)
    };
    (@declare $list:ident, $($declared:tt)*) => {
        $crate::parameter::declare($list, $crate::parameter::parameters!(@parameter $($declared)*))
    };
    (@read $given:ident, $field:ident $type:ty, [] $($rest:tt)*) => {
        <$type as $crate::parameter::Params>::read($given)?
    };
    (@read $given:ident, $field:ident $type:ty, $($rest:tt)*) => {
        <$type as $crate::parameter::ParameterField>::read(
            $given,
            $crate::parameter::parameters!(@parameter $field $type, $($rest)*),
        )?
    };
    (@spell $each:ident, $value:expr, $field:ident $type:ty, [] $($rest:tt)*) => {
        $crate::parameter::Params::spell($value, $each)
    };
    (@spell $each:ident, $value:expr, $($declared:tt)*) => {
        $crate::parameter::spell_field(
            $value,
            $crate::parameter::parameters!(@parameter $($declared)*),
            $each,
        )
    };

    ($(#[$meta:meta])* $vis:vis struct $name:ident { $(
        $(#[doc = $doc:literal])*
        $(#[spelled($spelled:literal)])?
        $(#[example($example:literal)])?
        $(#[alias($alias:literal)])*
        $field:ident: $type:ty $(= $default:literal)?
    ),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        $vis struct $name { $(
            $(#[doc = $doc])*
            $vis $field: $type,
        )+ }

        impl $crate::parameter::Params for $name {
            fn declare(list: &mut Vec<&'static $crate::parameter::Parameter>) {
                $($crate::parameter::parameters!(@declare list, $field $type,
                    [$($doc)*] [$($spelled)?] [$($example)?] [$($alias)*] [$($default)?]);)+
            }

            fn read(
                given: &$crate::parameter::GivenValues,
            ) -> Result<Self, $crate::parameter::ParameterRefusal> {
                Ok(Self { $(
                    $field: $crate::parameter::parameters!(@read given, $field $type,
                        [$($doc)*] [$($spelled)?] [$($example)?] [$($alias)*] [$($default)?]),
                )+ })
            }

            fn spell(&self, each: &mut dyn FnMut(&'static str, std::borrow::Cow<'_, str>)) {
                $($crate::parameter::parameters!(@spell each, &self.$field, $field $type,
                    [$($doc)*] [$($spelled)?] [$($example)?] [$($alias)*] [$($default)?]);)+
            }
        }

        impl $crate::parameter::ParamSet for $name {
            fn all() -> &'static [&'static $crate::parameter::Parameter] {
                static ALL: std::sync::OnceLock<Vec<&'static $crate::parameter::Parameter>> =
                    std::sync::OnceLock::new();
                ALL.get_or_init(|| {
                    let mut list = Vec::new();
                    <Self as $crate::parameter::Params>::declare(&mut list);
                    list
                })
            }
        }
    };
}
pub(crate) use parameters;

/// Passes on the values of a field, but for the default.
pub fn spell_field(
    field: &impl ParameterField,
    parameter: &'static Parameter,
    each: &mut dyn FnMut(&'static str, Cow<'_, str>),
) {
    field.spell(&mut |text| {
        if parameter.default != Some(&*text) {
            each(parameter.name, text);
        }
    });
}

/// What a question is asked that has no parameters.
#[derive(Clone, Copy, Debug)]
pub struct NoParams;

impl Params for NoParams {
    fn declare(_list: &mut Vec<&'static Parameter>) {}

    fn read(_given: &GivenValues) -> Result<Self, ParameterRefusal> {
        Ok(Self)
    }

    fn spell(&self, _each: &mut dyn FnMut(&'static str, Cow<'_, str>)) {}
}

impl ParamSet for NoParams {
    fn all() -> &'static [&'static Parameter] {
        &[]
    }
}

/// The window between two dates, the first of a parameter of this name.
///
/// # Errors
///
/// When it ends before it begins.
pub fn window(
    (name, from): (&'static str, Option<&Bound>),
    to: Option<&Bound>,
) -> Result<Window, ParameterRefusal> {
    let date = |bound: Option<&Bound>| bound.map(|bound| bound.0.clone());
    Window::new(date(from).as_ref(), date(to).as_ref()).map_err(|error| ParameterRefusal {
        parameter: name,
        value: error.from.clone(),
        fault: Fault::from(error.to_string()),
    })
}
