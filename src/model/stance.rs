//! Stances: what a speaker does by speaking, what each weighs, and which stand against one another.

use super::vocabulary::words;

words! {
    /// What a speaker does by speaking.
    StanceKind {
        /// Condemns.
        Condemns = "condemns",
        /// Criticizes.
        Criticizes = "criticizes",
        /// Demands.
        Demands = "demands",
        /// Warns.
        Warns = "warns",
        /// Threatens.
        Threatens = "threatens",
        /// Rejects.
        Rejects = "rejects",
        /// Denies.
        Denies = "denies",
        /// Acknowledges.
        Acknowledges = "acknowledges",
        /// Calls for.
        CallsFor = "calls_for",
        /// Supports.
        Supports = "supports",
        /// Reassures.
        Reassures = "reassures",
        /// Praises.
        Praises = "praises",
        /// Pledges.
        Pledges = "pledges",
    }
}

/// Stances of one side, and those of the other.
pub type Sides = (&'static [StanceKind], &'static [StanceKind]);

impl StanceKind {
    /// What stands against what: a speaker who takes a stance of one side and later, toward the same
    /// target on the same matter, one of the other has turned.
    pub const OPPOSITES: [Sides; 4] = [
        (
            &[Self::Supports, Self::Praises],
            &[Self::Condemns, Self::Criticizes, Self::Rejects],
        ),
        (&[Self::Acknowledges], &[Self::Denies]),
        (&[Self::Pledges], &[Self::Rejects]),
        (&[Self::Reassures], &[Self::Threatens]),
    ];

    /// What it weighs in a balance: 1 for its target, -1 against it, 0 for neither.
    pub const fn weight(self) -> i64 {
        match self {
            Self::Supports | Self::Praises | Self::Reassures => 1,
            Self::Condemns | Self::Criticizes | Self::Rejects | Self::Threatens | Self::Warns => -1,
            Self::Demands | Self::Denies | Self::Acknowledges | Self::CallsFor | Self::Pledges => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_stance_stands_against_one_that_weighs_the_same_way() {
        for (one, other) in StanceKind::OPPOSITES {
            for (a, b) in one.iter().flat_map(|a| other.iter().map(move |b| (a, b))) {
                assert!(a.weight() * b.weight() <= 0, "{a} and {b}");
            }
        }
    }
}
