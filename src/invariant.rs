//! Broken invariants: what holds whatever is stored and whatever is asked, and yet does not.
//!
//! No caller can mend a row without a shape or a record that was written by this program and can't be
//! read by it, so such a thing is not handed up by value through every function that reads a column.
//! It is *reported* where it is found, and whoever found it goes on with what there is. A report
//! fails a debug build, so that tests can't pass it by. In a release build it is logged, and whoever
//! gives an answer works it out under [`watch`], which gives the report in place of an answer that
//! would lack something. It is what a panic would be, but that it says which record is broken, and
//! that no lock, thread or iterator is left half-way.
//!
//! What a caller can cause (a name that nobody has, a full disk) is an error of the module's own.

use std::cell::RefCell;
use std::fmt;

use thiserror::Error;

use crate::model::Kind;

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{}{what}: this is a defect of the program or of the memory of the machine; the journal is \
     untouched: run `chancery verify`, then start the service again, and report it",
    ReportSubject(record.as_ref())
)]
pub struct BrokenInvariant {
    /// What holds as a rule, and how it does not.
    pub what: String,
    /// The kind and the id of the record at which it was found, where that is known.
    pub record: Option<(Kind, String)>,
}

struct ReportSubject<'b>(Option<&'b (Kind, String)>);

impl fmt::Display for ReportSubject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((kind, id)) => write!(f, "{kind} {id}: "),
            None => Ok(()),
        }
    }
}

/// What a thread knows of the work that it watches.
#[derive(Default)]
enum Watch {
    /// Nobody watches.
    #[default]
    Off,
    /// Nothing was reported so far.
    Clean,
    /// This was reported first.
    Reported(BrokenInvariant),
}

thread_local! {
    static WATCH: RefCell<Watch> = const { RefCell::new(Watch::Off) };
}

/// Puts back what was watched before, however the work ends.
struct OuterWatch(Watch);

impl Drop for OuterWatch {
    fn drop(&mut self) {
        WATCH.set(std::mem::take(&mut self.0));
    }
}

/// Does some work on this thread, and gives the first report of a broken invariant, if there was
/// one, in place of what came out: that lacks something.
///
/// # Errors
///
/// The first report.
pub fn watch<T>(work: impl FnOnce() -> T) -> Result<T, BrokenInvariant> {
    match observe(work) {
        (done, None) => Ok(done),
        (_, Some(found)) => Err(found),
    }
}

/// Does some work on this thread, and gives what came out with the first report, if there was one:
/// for work that is a part of other work, which [reports](report) it again.
pub fn observe<T>(work: impl FnOnce() -> T) -> (T, Option<BrokenInvariant>) {
    let outer = OuterWatch(WATCH.replace(Watch::Clean));
    let done = work();
    let watch = WATCH.take();
    drop(outer);
    match watch {
        Watch::Reported(found) => (done, Some(found)),
        Watch::Off | Watch::Clean => (done, None),
    }
}

/// What another thread has done for this one under [`observe`]: its report is passed on to this one.
pub fn joined<T>((done, found): (T, Option<BrokenInvariant>)) -> T {
    found.iter().for_each(report);
    done
}

/// Reports that an invariant is broken. Never inlined: where columns are read, a look at what is there
/// must cost no more than a jump that is never taken.
#[cold]
#[inline(never)]
pub fn broken(what: &str) {
    report(&BrokenInvariant {
        what: what.to_owned(),
        record: None,
    });
}

/// Reports that an invariant is broken at a record.
#[cold]
#[inline(never)]
pub fn broken_record(kind: Kind, id: &str, what: &str) {
    report(&BrokenInvariant {
        what: what.to_owned(),
        record: Some((kind, id.to_owned())),
    });
}

/// Passes on what another thread has found that worked for this one.
#[cold]
#[inline(never)]
pub fn report(report: &BrokenInvariant) {
    // One broken row may be met a million times by one question: the first report says it.
    let is_first = WATCH.with_borrow_mut(|watch| {
        let is_first = !matches!(watch, Watch::Reported(_));
        if matches!(watch, Watch::Clean) {
            *watch = Watch::Reported(report.clone());
        }
        is_first
    });
    if is_first {
        tracing::error!("broken invariant: {report}");
    }
    #[cfg(test)]
    let is_expected = tests::is_expected() || report.what == tests::PLANNED;
    #[cfg(not(test))]
    let is_expected = false;
    debug_assert!(is_expected, "{report}");
}

/// What there is as a rule.
pub trait Holds<T>: Sized {
    /// What there is; when there is nothing, `what` is reported to hold no more.
    fn holds(self, what: &str) -> Option<T>;
}

impl<T> Holds<T> for Option<T> {
    #[inline]
    fn holds(self, what: &str) -> Self {
        if self.is_none() {
            broken(what);
        }
        self
    }
}

impl<T, E: fmt::Display> Holds<T> for Result<T, E> {
    #[inline]
    fn holds(self, what: &str) -> Option<T> {
        match self {
            Ok(value) => Some(value),
            Err(error) => {
                broken(&format!("{what}: {error}"));
                None
            }
        }
    }
}

/// A number of things of which there are fewer than 2³², as the limits of segments, of operations and
/// of bodies see to.
#[inline]
pub fn number_32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or_else(|_| {
        broken("there are fewer than 4,294,967,296 things of a kind");
        u32::MAX
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;
    use std::panic;

    use super::*;

    thread_local! {
        static EXPECTED: Cell<bool> = const { Cell::new(false) };
    }

    /// What a report says that a test wants, on whatever thread.
    pub(crate) const PLANNED: &str = "as the test wants it";

    pub(super) fn is_expected() -> bool {
        EXPECTED.get()
    }

    /// While it lives, reports on this thread do not fail the test.
    pub(crate) struct Expected {
        was_expected: bool,
    }

    impl Expected {
        pub(crate) fn reports() -> Self {
            let was_expected = EXPECTED.replace(true);
            Self { was_expected }
        }
    }

    impl Drop for Expected {
        fn drop(&mut self) {
            EXPECTED.set(self.was_expected);
        }
    }

    /// What a release build reports first of some work.
    pub(crate) fn reported<T>(work: impl FnOnce() -> T) -> Option<BrokenInvariant> {
        let _expected = Expected::reports();
        watch(work).err()
    }

    #[test]
    fn the_first_report_takes_the_place_of_the_answer() {
        assert_eq!(watch(|| 7), Ok(7));
        let first = reported(|| {
            broken_record(Kind::Event, "a-call", "has a shape");
            broken("later");
        });
        let first = first.unwrap();
        assert_eq!(first.record, Some((Kind::Event, "a-call".into())));
        let text = first.to_string();
        assert!(text.starts_with("event a-call: has a shape: "), "{text}");
        assert!(text.contains("chancery verify"), "{text}");
        assert_eq!(watch(|| 7), Ok(7), "the next answer is whole");
    }

    #[test]
    fn who_watches_the_whole_is_not_told_what_a_part_has_given_up() {
        let _expected = Expected::reports();
        let outer = watch(|| {
            assert!(watch(|| broken("inner")).is_err());
            7
        });
        assert_eq!(outer, Ok(7));
        let outer = watch(|| {
            broken("outer");
            assert_eq!(watch(|| 7), Ok(7));
        });
        assert_eq!(outer.unwrap_err().what, "outer");
    }

    #[test]
    fn a_panic_does_not_end_the_watch_around_it() {
        let _expected = Expected::reports();
        let outer = watch(|| {
            let inner = panic::catch_unwind(|| watch(|| panic!("as planned")));
            inner.unwrap_err();
            broken("outer");
        });
        assert_eq!(outer.unwrap_err().what, "outer");
    }

    #[test]
    fn what_is_not_there_is_reported_and_what_is_there_is_not() {
        assert_eq!(watch(|| Some(7).holds("there is one")), Ok(Some(7)));
        let none = reported(|| None::<u8>.holds("there is one"));
        assert_eq!(none.unwrap().what, "there is one");
        let bad = reported(|| "x".parse::<u8>().holds("it is a number"));
        assert!(bad.unwrap().what.starts_with("it is a number: "));
        assert_eq!(watch(|| number_32(7)), Ok(7));
        assert!(reported(|| number_32(1 << 32)).is_some());
    }

    #[test]
    #[should_panic(expected = "there is one")]
    fn a_report_fails_a_test() {
        None::<u8>.holds("there is one");
    }
}
