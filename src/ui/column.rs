/// What the other files need to know about a column.
#[derive(Debug)]
pub(super) struct Card {
    /// The word in files and in what is told.
    pub(super) name: &'static str,
    /// What stands above it.
    pub(super) head: &'static str,
    /// What it shows.
    pub(super) words: &'static str,
    /// How wide it is if nobody made it wider.
    pub(super) width: u16,
    /// Whether figures end at its right.
    pub(super) is_right: bool,
    /// Whether it is shown if nobody chose.
    pub(super) is_usual: bool,
}

/// Turns the table below into [`Column`], [`Column::ALL`] and its cards.
macro_rules! columns {
    ($($column:ident $name:literal $head:literal $width:literal $side:ident $usual:ident $words:literal;)+) => {
        /// A column of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Column {
            $(#[doc = concat!("The column ", $name, ": ", $words, ".")] $column,)+
        }

        impl Column {
            /// Every column, in the order in which they stand if nobody chose another.
            pub(super) const ALL: &'static [Self] = &[$(Self::$column),+];

            pub(super) const fn card(self) -> &'static Card {
                match self {
                    $(Self::$column => &Card {
                        name: $name,
                        head: $head,
                        words: $words,
                        width: $width,
                        is_right: columns!(@ $side),
                        is_usual: columns!(@ $usual),
                    },)+
                }
            }
        }
    };
    (@ right) => { true };
    (@ left) => { false };
    (@ usual) => { true };
    (@ more) => { false };
}

// To add a column, add a row here, its text in `cell.rs` and its order in `order.rs`.
columns! {
    Number     "number"     "#"        2 right usual "its number in the run";
    Status     "status"     "Status"   9 left  usual "the status code, or how it stands";
    Method     "method"     "Method"   6 left  usual "the method";
    Name       "name"       "Name"    14 left  usual "path and query";
    Host       "host"       "Host"    15 left  usual "host and port";
    Type       "type"       "Type"     6 left  usual "the media type in a word";
    Size       "size"       "Size"     8 right usual "bytes of the body over the wire";
    Time       "time"       "Time"     8 right usual "how long it took";
    Url        "url"        "URL"     32 left  more  "the whole URL";
    Scheme     "scheme"     "Scheme"   6 left  more  "http or https";
    Protocol   "protocol"   "Protocol" 8 left  more  "the version of HTTP that was answered in";
    Address    "address"    "Address" 18 left  more  "the server's address and port";
    Connection "connection" "Conn"     5 left  more  "the connection it ran on";
    Priority   "priority"   "Priority" 8 left  more  "how soon it gets a connection";
    Initiator  "initiator"  "Initiator" 10 left more "why it was made";
    Cookies    "cookies"    "Cookies"  7 right more  "cookies that went along";
    SetCookies "set-cookies" "Set"     4 right more  "cookies that the answer set";
    Coding     "coding"     "Coding"   6 left  more  "content codings of the body";
    Start      "start"      "Start"    8 right more  "when it began";
    Response   "response"   "Response" 8 right more  "when the answer began";
    End        "end"        "End"      8 right more  "when it ended";
    Latency    "latency"    "Latency"  8 right more  "from its beginning to the answer's";
}

impl Column {
    /// The column of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|column| column.card().name == name)
    }

    /// Whether it is shown if nobody chose.
    pub(super) const fn is_usual(self) -> bool {
        self.card().is_usual
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_column_is_found_by_a_name_of_its_own() {
        let mut seen = HashSet::new();
        for column in Column::ALL {
            let name = column.card().name;
            assert!(seen.insert(name), "{name} twice");
            assert_eq!(Column::named(name), Some(*column));
        }
    }
}
