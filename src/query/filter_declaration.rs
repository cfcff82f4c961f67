//! How filters are declared: [`filters!`], for the filters themselves and for the cells of drill-downs.

/// Which lists and questions take a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FilterGroup {
    /// Those about records of several kinds.
    Record,
    /// Those about events.
    Coding,
    /// These, and the list of actors.
    Kind,
    /// All.
    Dataset,
    /// Those about what sources tell: what comes before `source`, the other name of `cited`.
    Cited,
    /// Those about what sources tell.
    Told,
    /// The timeline: what a number of some answer counts.
    Cell,
    /// The timeline and the search, whose facets count so, too.
    Facet,
}

/// Declares filters: a struct of what they ask for, and one of the same made ready for a view.
///
/// Each names its [group](FilterGroup) and its type. `holds` says whether a record passes; without it,
/// the filter is about the actors of a record, which differ from question to question
/// (`CompiledFilter::accepts_parts`). `ready` makes of the values, once for each question, what `holds` compares, out of what
/// it `sees`.
macro_rules! filters {
    (@ready $type:ty;) => { $type };
    (@ready $type:ty; $ready:ty) => { $ready };
    (@make $view:ident, $value:expr;) => {{
        let _ = $view;
        $value.clone()
    }};
    (@make $view:ident, $value:expr; |$of:ident, $wanted:ident| $made:expr) => {{
        let ($of, $wanted) = ($view, &$value);
        $made
    }};
    (@holds $compiled:ident, $row:ident, $ready:expr;) => { true };
    (@holds $compiled:ident, $row:ident, $ready:expr; |$of:ident, $at:ident, $wanted:ident| $holds:expr) => {
        $ready.as_ref().is_none_or(|$wanted| {
            let ($of, $at) = ($compiled, $row);
            $holds
        })
    };

    (
        $(#[$meta:meta])* $vis:vis struct $name:ident, ready: $ready_name:ident, sees: $seen:ident { $(
            $(#[doc = $doc:literal])+
            #[spelled($spelled:literal)]
            $(#[default($default:literal)])?
            [$group:ident] $field:ident: $type:ty
            $(, ready $ready:ty = |$view:ident, $value:ident| $made:expr)?
            $(, holds |$compiled:ident, $row:ident, $wanted:ident| $holds:expr)?;
        )+ }
        $(also { $($(#[$also_meta:meta])* $also:ident: $also_type:ty,)+ })?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        $vis struct $name {
            $($(#[doc = $doc])+ pub $field: $type,)+
            $($($(#[$also_meta])* pub $also: $also_type,)+)?
        }

        impl $name {
            /// Adds the declarations of some groups of them.
            pub(super) fn declare(
                groups: &[$crate::query::filter_declaration::FilterGroup],
                list: &mut Vec<&'static $crate::parameter::Parameter>,
            ) {
                $(if groups.contains(&$crate::query::filter_declaration::FilterGroup::$group) {
                    $crate::parameter::declare(list, $crate::parameter::parameters!(
                        @parameter $field $type, [$($doc)+] [$spelled] [] [] [$($default)?]
                    ));
                })+
            }

            /// Reads those that are declared.
            fn read_declared(
                given: &$crate::parameter::GivenValues,
            ) -> Result<Self, $crate::parameter::ParameterRefusal> {
                Ok(Self {
                    $($field: <$type as $crate::parameter::ParameterField>::read(
                        given,
                        $crate::parameter::parameters!(
                            @parameter $field $type, [$($doc)+] [$spelled] [] [] [$($default)?]
                        ),
                    )?,)+
                    $($($also: Default::default(),)+)?
                })
            }

            /// What it says, or else what another one does.
            #[must_use]
            pub fn or(&self, other: &Self) -> Self {
                Self {
                    $($field: if self.$field == <$type>::default() {
                        other.$field.clone()
                    } else {
                        self.$field.clone()
                    },)+
                    $($($also: if self.$also == <$also_type>::default() {
                        other.$also.clone()
                    } else {
                        self.$also.clone()
                    },)+)?
                }
            }

            /// Passes on the values of those that are declared.
            fn spell_declared(
                &self,
                each: &mut dyn FnMut(&'static str, std::borrow::Cow<'_, str>),
            ) {
                $($crate::parameter::spell_field(
                    &self.$field,
                    $crate::parameter::parameters!(
                        @parameter $field $type, [$($doc)+] [$spelled] [] [] [$($default)?]
                    ),
                    each,
                );)+
            }
        }

        /// The same made ready for a view: `None` where nothing is asked for.
        #[derive(Debug)]
        pub(super) struct $ready_name {
            $(pub(super) $field: Option<$crate::query::filter_declaration::filters!(@ready $type; $($ready)?)>,)+
        }

        impl $ready_name {
            pub(super) fn new(
                view: &$crate::graph::View,
                filter: &$name,
            ) -> Self {
                Self { $(
                    $field: (filter.$field != <$type>::default()).then(|| {
                        $crate::query::filter_declaration::filters!(
                            @make view, filter.$field; $(|$view, $value| $made)?
                        )
                    }),
                )+ }
            }

            /// Whether a record passes all of them, whoever stands in it.
            pub(super) fn holds(&self, compiled: &$seen<'_>, row: $crate::graph::Row) -> bool {
                $($crate::query::filter_declaration::filters!(
                    @holds compiled, row, self.$field; $(|$compiled, $row, $wanted| $holds)?
                ))&&+
            }
        }
    };
}
pub(super) use filters;
