//! What values of parameters are read as.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::{
    Fault, GivenValues, Multiplicity, Parameter, ParameterField, ParameterRefusal, Value,
    ValueShape, read_value,
};
use crate::model::date::DateError;
use crate::model::ontology::CodeError;
use crate::model::{
    self, ActorKind, Cameo, Date, Day, Id, Kind, QuadClass, Role, Scheme, StanceKind, Status, Text,
};

/// Values of one parameter that takes several.
pub const VALUES_MAX: usize = 64;

impl From<model::RecordProblem> for Fault {
    fn from(problem: model::RecordProblem) -> Self {
        Self {
            problem: problem.problem,
            suggestion: problem.suggestion,
        }
    }
}

impl From<CodeError> for Fault {
    fn from(error: CodeError) -> Self {
        Self {
            problem: error.problem,
            suggestion: error.suggestion,
        }
    }
}

impl From<DateError> for Fault {
    fn from(error: DateError) -> Self {
        Self {
            problem: error.problem,
            suggestion: error.suggestion,
        }
    }
}

impl From<String> for Fault {
    fn from(problem: String) -> Self {
        Self {
            problem,
            suggestion: None,
        }
    }
}

impl<T: Value> ParameterField for T {
    const SHAPE: ValueShape = T::SHAPE;
    const TIMES: Multiplicity = Multiplicity::Required;

    fn read(given: &GivenValues, parameter: &'static Parameter) -> Result<Self, ParameterRefusal> {
        if let Some((given, text)) = given.all(parameter.name).last() {
            return read_value(text, given);
        }
        // One that is needed was found to be given before.
        read_value(parameter.default.unwrap_or_default(), parameter)
    }

    fn spell(&self, each: &mut dyn FnMut(Cow<'_, str>)) {
        each(Value::spell(self));
    }
}

impl<T: Value> ParameterField for Option<T> {
    const SHAPE: ValueShape = T::SHAPE;
    const TIMES: Multiplicity = Multiplicity::Optional;

    fn read(given: &GivenValues, parameter: &'static Parameter) -> Result<Self, ParameterRefusal> {
        let last = given.all(parameter.name).last();
        last.map(|(given, text)| read_value(text, given))
            .transpose()
    }

    fn spell(&self, each: &mut dyn FnMut(Cow<'_, str>)) {
        if let Some(value) = self {
            each(Value::spell(value));
        }
    }
}

impl<T: Value> ParameterField for Vec<T> {
    const SHAPE: ValueShape = T::SHAPE;
    const TIMES: Multiplicity = Multiplicity::UpTo(VALUES_MAX);

    fn read(given: &GivenValues, parameter: &'static Parameter) -> Result<Self, ParameterRefusal> {
        let texts = given.all(parameter.name);
        texts.map(|(given, text)| read_value(text, given)).collect()
    }

    fn spell(&self, each: &mut dyn FnMut(Cow<'_, str>)) {
        for value in self {
            each(Value::spell(value));
        }
    }
}

/// Up to `MOST` values.
#[derive(Clone, Debug, Default)]
pub struct Few<T, const MOST: usize>(pub Vec<T>);

impl<T: Value, const MOST: usize> ParameterField for Few<T, MOST> {
    const SHAPE: ValueShape = T::SHAPE;
    const TIMES: Multiplicity = Multiplicity::UpTo(MOST);

    fn read(given: &GivenValues, parameter: &'static Parameter) -> Result<Self, ParameterRefusal> {
        ParameterField::read(given, parameter).map(Self)
    }

    fn spell(&self, each: &mut dyn FnMut(Cow<'_, str>)) {
        ParameterField::spell(&self.0, each);
    }
}

/// Two values, or none. That there is not one alone is for the question to say, which knows why.
#[derive(Clone, Debug, Default)]
pub struct Twice<T>(pub Vec<T>);

impl<T: Value> ParameterField for Twice<T> {
    const SHAPE: ValueShape = T::SHAPE;
    const TIMES: Multiplicity = Multiplicity::Twice;

    fn read(given: &GivenValues, parameter: &'static Parameter) -> Result<Self, ParameterRefusal> {
        ParameterField::read(given, parameter).map(Self)
    }

    fn spell(&self, each: &mut dyn FnMut(Cow<'_, str>)) {
        ParameterField::spell(&self.0, each);
    }
}

/// Declares types whose values are words of a list: the type, its values, the word of one.
macro_rules! word_values {
    ($($type:ty: $all:expr, $word:expr;)+) => {$(
        impl $crate::parameter::Value for $type {
            const SHAPE: $crate::parameter::ValueShape = $crate::parameter::ValueShape::Word(|| {
                $all.iter().map(|value| $word(*value)).collect()
            });

            fn read(
                text: &str,
                _name: &'static str,
            ) -> Result<Self, $crate::parameter::Fault> {
                let found = $all.iter().copied().find(|value| $word(*value) == text);
                found.ok_or_else(|| {
                    let known: Vec<&str> = $all.iter().map(|value| $word(*value)).collect();
                    $crate::model::unknown_word(text, &known).into()
                })
            }

            fn spell(&self) -> std::borrow::Cow<'_, str> {
                $word(*self).into()
            }
        }
    )+};
}
pub(crate) use word_values;

const fn flag_word(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

impl Value for bool {
    const SHAPE: ValueShape = ValueShape::Flag;

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        let found = [true, false]
            .into_iter()
            .find(|flag| flag_word(*flag) == text);
        found.ok_or_else(|| model::unknown_word(text, &["true", "false"]).into())
    }

    fn spell(&self) -> Cow<'_, str> {
        flag_word(*self).into()
    }
}

word_values! {
    ActorKind: ActorKind::ALL, ActorKind::as_str;
    Kind: Kind::ALL, Kind::as_str;
    Role: Role::ALL, Role::as_str;
    StanceKind: StanceKind::ALL, StanceKind::as_str;
    Status: Status::ALL, Status::as_str;
}

impl Value for Scheme {
    const SHAPE: ValueShape = ValueShape::Word(|| Self::ALL.map(Self::as_str).to_vec());

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Ok(Self::parse(text)?)
    }

    fn spell(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Value for QuadClass {
    /// A name, or a number.
    const SHAPE: ValueShape = ValueShape::Word(|| {
        let names = Self::ALL.into_iter().map(Self::as_str);
        names.chain(["1", "2", "3", "4"]).collect()
    });

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Ok(Self::parse(text)?)
    }

    fn spell(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Value for Cameo {
    const SHAPE: ValueShape = ValueShape::Cameo;

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Ok(Self::parse(text)?)
    }

    fn spell(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

impl Value for Id {
    const SHAPE: ValueShape = ValueShape::Id;

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Self::parse(text).map_err(|error| Fault {
            problem: error.to_string(),
            suggestion: Self::nearest(text).map(|id| id.to_string()),
        })
    }

    fn spell(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl<const MAX: usize> Value for Text<MAX> {
    const SHAPE: ValueShape = ValueShape::Text(MAX);

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Self::new(text).map_err(|error| error.to_string().into())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

/// A date that any record may have.
impl Value for Date {
    const SHAPE: ValueShape = ValueShape::Date;

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Ok(Self::parse(text)?)
    }

    fn spell(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

/// The first day of a date that a window may begin with.
impl Value for Day {
    const SHAPE: ValueShape = ValueShape::Date;

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Ok(Date::parse_bound(text)?.earliest())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

/// A date that a window may begin or end with.
#[derive(Clone, Debug)]
pub struct Bound(pub Date);

impl Value for Bound {
    const SHAPE: ValueShape = ValueShape::Date;

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Ok(Self(Date::parse_bound(text)?))
    }

    fn spell(&self) -> Cow<'_, str> {
        self.0.to_string().into()
    }
}

/// Whom a parameter names. Whom the name means only a view of the record knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorName {
    /// The parameter that names him, for messages.
    pub parameter: &'static str,
    /// An id, a code, a name, an alias or an office.
    pub text: String,
}

impl AsRef<str> for ActorName {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl Value for ActorName {
    const SHAPE: ValueShape = ValueShape::Actor;

    fn read(text: &str, name: &'static str) -> Result<Self, Fault> {
        Ok(Self {
            parameter: name,
            text: text.to_owned(),
        })
    }

    fn spell(&self) -> Cow<'_, str> {
        self.text.as_str().into()
    }
}

/// A whole number from `LEAST` to `MOST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholeNumber<const LEAST: usize, const MOST: usize>(pub usize);

impl<const LEAST: usize, const MOST: usize> Value for WholeNumber<LEAST, MOST> {
    const SHAPE: ValueShape = ValueShape::WholeNumber(LEAST, MOST);

    fn read(text: &str, name: &'static str) -> Result<Self, Fault> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        let number = number.filter(|number| (LEAST..=MOST).contains(number));
        number
            .map(Self)
            .ok_or_else(|| format!("{name} must be a whole number from {LEAST} to {MOST}").into())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.0.to_string().into()
    }
}

/// A confidence or a score: a number from 0 to 1.
impl Value for f32 {
    const SHAPE: ValueShape = ValueShape::Share;

    fn read(text: &str, name: &'static str) -> Result<Self, Fault> {
        let number = text.parse().ok();
        let number = number.filter(|number| (0.0..=1.0).contains(number));
        number.ok_or_else(|| format!("{name} must be a number from 0 to 1").into())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.to_string().into()
    }
}

/// Any text of at most `MAX` characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chars<const MAX: usize>(pub String);

impl<const MAX: usize> Value for Chars<MAX> {
    const SHAPE: ValueShape = ValueShape::Text(MAX);

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Ok(Self(text.to_owned()))
    }

    fn spell(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }
}

/// The number of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitNumber(pub u64);

impl Value for CommitNumber {
    const SHAPE: ValueShape = ValueShape::Commit;

    fn read(text: &str, name: &'static str) -> Result<Self, Fault> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        // No commit has a number so large that it is none of ours.
        let number = digits.then(|| Self(text.parse().unwrap_or(u64::MAX)));
        number.ok_or_else(|| format!("{name} must be the number of a commit").into())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.0.to_string().into()
    }
}

/// The cursor of a page, as it was handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorText(pub String);

impl Value for CursorText {
    const SHAPE: ValueShape = ValueShape::Cursor;

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        Ok(Self(text.to_owned()))
    }

    fn spell(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }
}

/// A list of words that is known only where it is used.
pub trait WordList: Copy {
    /// The words.
    fn words() -> Vec<&'static str>;
}

/// One word of a list.
#[derive(Clone, Copy, Debug)]
pub struct OneOf<L>(pub &'static str, PhantomData<L>);

impl<L: WordList> Value for OneOf<L> {
    const SHAPE: ValueShape = ValueShape::Word(L::words);

    fn read(text: &str, _name: &'static str) -> Result<Self, Fault> {
        let words = L::words();
        let found = words.iter().copied().find(|word| *word == text);
        found
            .map(|word| Self(word, PhantomData))
            .ok_or_else(|| model::unknown_word(text, &words).into())
    }

    fn spell(&self) -> Cow<'_, str> {
        self.0.into()
    }
}
