//! The header of a table: its columns by name, whatever the case and the signs between words.

use super::TableDeclaration;

/// The columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct TableHeader {
    /// As written.
    names: Vec<String>,
    /// In one form.
    keys: Vec<String>,
}

impl TableHeader {
    /// The columns that the cells of a row name.
    pub(super) fn from_cells((cells, ends): (&[u8], &[usize])) -> Self {
        let mut start = 0;
        let names = ends.iter().map(|end| {
            let cell = cells.get(start..*end).unwrap_or_default();
            start = *end;
            String::from_utf8_lossy(cell).trim().to_owned()
        });
        Self::new(names.collect())
    }

    /// Columns of these names.
    pub(super) fn from_names(names: &[&str]) -> Self {
        Self::new(names.iter().map(|name| (*name).to_owned()).collect())
    }

    fn new(mut names: Vec<String>) -> Self {
        // A column that is called nothing at the end is a separator too many.
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let keys = names.iter().map(|name| key(name)).collect();
        Self { names, keys }
    }

    /// The number of columns.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// The column with the first of these names that there is.
    pub(in crate::ingest) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let wanted = key(name);
            self.keys.iter().position(|known| *known == wanted)
        })
    }

    /// The name of a column as it is written; its number where it has none.
    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// The names as they are written.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The columns that tell a format and are not there, each by its first name.
    pub(super) fn missing(&self, declared: &TableDeclaration) -> Vec<&'static str> {
        let telling = declared.telling.iter();
        let missing = telling.filter(|names| self.find(names).is_none());
        missing.filter_map(|names| names.first().copied()).collect()
    }

    /// Whether these cells are the names once more.
    pub(super) fn is_repeated_by<'c>(&self, cells: impl Iterator<Item = &'c str>) -> bool {
        let mut names = self.names();
        // Most rows differ from it in their first cell.
        let mut cells = cells.take(self.names.len());
        cells.all(|cell| names.next() == Some(cell)) && names.next().is_none()
    }
}

/// A name in one form: lower case, with `_` for what stands between words.
fn key(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_spelling() {
        let header =
            TableHeader::from_names(&["Event ID", "EVENT_DATE", "", "type.of.violence", ""]);
        assert_eq!(header.width(), 4);
        assert_eq!(header.find(&["event id"]), Some(0));
        assert_eq!(header.find(&["none", "event_date"]), Some(1));
        assert_eq!(header.find(&["Type of violence"]), Some(3));
        assert_eq!(header.find(&["eventid"]), None);
        assert!(
            header.is_repeated_by(["Event ID", "EVENT_DATE", "", "type.of.violence"].into_iter())
        );
        assert!(!header.is_repeated_by(["Event ID", "EVENT_DATE"].into_iter()));
    }
}
