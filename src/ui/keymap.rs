use super::action::{
    Action, Edit, FilterAct, JarAct, PaletteAct, SearchAct, TableAct, TimeAct, Wind,
};
use super::binding::{Binding, Mode};
use super::finding::FindAct;
use super::form::FormAct;
use super::menu::Menu;
use super::tab::Tab;

/// Everything that can be done.
pub const fn bindings() -> &'static [Binding] {
    TABLE
}

/// A row is `"name" ["key" "key"] action => "words";` under the place where its keys are pressed.
macro_rules! table {
    ($($mode:ident { $($name:literal [$($key:literal)*] $action:expr => $words:literal;)* })*) => {
        const TABLE: &[Binding] = &[$($(Binding {
            mode: Mode::$mode,
            name: $name,
            keys: &[$($key),*],
            action: $action,
            words: $words,
        },)*)*];
    };
}

// Keys, palette, help, README and configuration are made from this table.
table! {
    Panes {
        "address" ["o" "Ctrl-L"] Action::Address => "go to the address bar";
        "down" ["j" "↓"] Action::Move(1) => "move down";
        "up" ["k" "↑"] Action::Move(-1) => "move up";
        "half-down" ["Ctrl-D"] Action::HalfPage(1) => "half a page down";
        "half-up" ["Ctrl-U"] Action::HalfPage(-1) => "half a page up";
        "page-down" ["PgDn"] Action::Page(1) => "a page down";
        "page-up" ["PgUp"] Action::Page(-1) => "a page up";
        "first" ["g" "Home"] Action::First => "to the first";
        "last" ["G" "End"] Action::Last => "to the last";
        "open" ["Enter"] Action::Open => "open the details; in them, follow a link, fold and unfold";
        "close" ["Esc"] Action::Back => "close the top layer";
        "return" ["Backspace" "Ctrl-O"] Action::Return => "back to where a link was followed";
        "next-pane" ["Tab"] Action::NextPane => "from the table to the details, to the lanes and back";
        "pane-before" ["Shift-Tab"] Action::PaneBefore => "the other way: to the lanes";
        "headers" ["1"] Action::ShowTab(Tab::Headers) => "the Headers tab";
        "cookies" ["2"] Action::ShowTab(Tab::Cookies) => "the Cookies tab";
        "timing" ["3"] Action::ShowTab(Tab::Timing) => "the Timing tab";
        "body" ["4"] Action::ShowTab(Tab::Body) => "the Body tab";
        "connection" ["5"] Action::ShowTab(Tab::Connection) => "the Connection tab";
        "cache" ["6"] Action::ShowTab(Tab::Cache) => "the Cache tab";
        "zoom-details" ["Z"] Action::ZoomDetails => "the details on the whole screen, or in their place";
        "next" ["]"] Action::TurnTab(1) => "later on the time axis; in the details, next tab";
        "before" ["["] Action::TurnTab(-1) => "earlier; in the details, tab before";
        "left" ["h" "←"] Action::Left => "earlier, or the line to the left; in the details, fold";
        "right" ["l" "→"] Action::Right => "later, or the line to the right; in the details, unfold";
        "zoom-in" ["+" "="] Action::Time(TimeAct::Zoom(1)) => "half the time, twice as large";
        "zoom-out" ["-"] Action::Time(TimeAct::Zoom(-1)) => "twice the time";
        "whole-run" ["0"] Action::Time(TimeAct::Whole) => "the whole run, or the burst of the selected";
        "fit" ["z"] Action::Time(TimeAct::Fit) => "the time of the selected from edge to edge";
        "line" ["|"] Action::Time(TimeAct::Line) => "a line through all rows: the time, and what went on";
        "again" ["r"] Action::Again => "fetch the selected again";
        "edit" ["R"] Action::Form(FormAct::Open) => "edit the selected, and fetch it again";
        "cancel" ["x"] Action::Cancel => "give the selected up";
        "cancel-all" ["X"] Action::CancelAll => "give all up; asks once";
        "list-again" ["Ctrl-R"] Action::ListAgain => "fetch all that was asked for again";
        "hold" ["Space"] Action::Wind(Wind::Hold) => "hold the screen at this moment, or go on; in a replay, play";
        "step-back" [","] Action::Wind(Wind::Facts(-1)) => "the screen a fact earlier";
        "step" ["."] Action::Wind(Wind::Facts(1)) => "the screen a fact later";
        "scrub-back" ["<"] Action::Wind(Wind::Parts(-1)) => "the screen a fiftieth of the run earlier";
        "scrub" [">"] Action::Wind(Wind::Parts(1)) => "the screen a fiftieth of the run later";
        "follow" ["F"] Action::Follow => "follow the newest";
        "cache-off" ["d"] Action::Cache => "the cache off for the next fetches, or on";
        "network" ["t"] Action::Menu(Menu::Network) => "network conditions: 4G, 3G, offline …";
        "filter" ["f"] Action::Filter(FilterAct::Start) => "filter the requests";
        "search" ["/"] Action::Search(SearchAct::Start) => "search in URLs, headers and bodies";
        "next-hit" ["n"] Action::Search(SearchAct::Next(1)) => "to the next hit";
        "hit-before" ["N"] Action::Search(SearchAct::Next(-1)) => "to the hit before";
        "sort" ["s"] Action::Table(TableAct::SortNext) => "sort by the next column, then by what bars show";
        "reverse" ["S"] Action::Table(TableAct::Reverse) => "sort the other way round";
        "columns" ["c"] Action::Table(TableAct::Columns) => "choose columns";
        "jar" ["C"] Action::Jar(JarAct::Open) => "the cookies of the run";
        "copy" ["y"] Action::Menu(Menu::Yank) => "copy: URL, headers, body, a curl command …";
        "write" ["w"] Action::Menu(Menu::Write) => "write into a file: the run, a picture, the body …";
        "secrets" ["v"] Action::Reveal => "show secret values, or hide them";
        "what-if" ["W"] Action::WhatIf => "what if: the run as it would have been, and the next of these";
        "fold-host" ["H"] Action::FoldHost => "fold the lanes of the host, or unfold";
        "mouse" ["m"] Action::Mouse => "leave the mouse to the terminal, or take it back";
        "legend" ["L"] Action::Legend => "what glyphs and colours mean";
        "palette" [":"] Action::Palette(PaletteAct::Open) => "all that can be done, found by a few letters";
        "help" ["?"] Action::Help => "help for where you are: the keys";
        "leave" ["q"] Action::Leave => "back, then quit";
        "quit-leaving" ["Q"] Action::QuitLeaving => "quit, the picture left on the screen";
    }
    Details {
        "find" ["/"] Action::Find(FindAct::Start) => "find in this tab";
        "find-next" ["n"] Action::Find(FindAct::Next) => "the next that is found";
        "find-before" ["N"] Action::Find(FindAct::Before) => "the one before that is found";
        "look" ["V"] Action::Look => "another way to look: headers raw; body as tree, text, picture, bytes";
    }
    Finder {
        "stay" ["Enter"] Action::Find(FindAct::End) => "stay with what is found";
        "give-up" ["Esc"] Action::Find(FindAct::GiveUp) => "go back";
    }
    Address {
        "fetch" ["Enter"] Action::Edit(Edit::Enter) => "fetch what is typed";
        "earlier" ["↑"] Action::Edit(Edit::Earlier) => "the address before";
        "later" ["↓"] Action::Edit(Edit::Later) => "the address after";
        "close" ["Esc" "Tab"] Action::Back => "to the table";
    }
    Filter {
        "keep" ["Enter"] Action::Filter(FilterAct::End) => "keep the filter";
        "complete" ["Tab"] Action::Filter(FilterAct::Complete) => "take the word that is offered";
        "next-word" ["↓"] Action::Filter(FilterAct::Pick(1)) => "the next word that is offered";
        "word-before" ["↑"] Action::Filter(FilterAct::Pick(-1)) => "the word before";
        "restore" ["Esc"] Action::Filter(FilterAct::Restore) => "the filter as before";
    }
    Search {
        "keep" ["Enter" "Tab"] Action::Search(SearchAct::End) => "keep to what is searched for";
        "restore" ["Esc"] Action::Search(SearchAct::Restore) => "the search as before";
        "next-hit" ["↓"] Action::Search(SearchAct::Next(1)) => "to the next hit";
        "hit-before" ["↑"] Action::Search(SearchAct::Next(-1)) => "to the hit before";
    }
    Columns {
        "down" ["j" "↓"] Action::Move(1) => "move down";
        "up" ["k" "↑"] Action::Move(-1) => "move up";
        "first" ["g" "Home"] Action::First => "to the first";
        "last" ["G" "End"] Action::Last => "to the last";
        "show" ["Space" "x"] Action::Table(TableAct::Show) => "show the column, or show it no more";
        "carry-down" ["J"] Action::Table(TableAct::Carry(1)) => "carry it further right";
        "carry-up" ["K"] Action::Table(TableAct::Carry(-1)) => "carry it further left";
        "wider" [">" "+" "→" "l"] Action::Table(TableAct::Widen(1)) => "make it wider";
        "narrower" ["<" "-" "←" "h"] Action::Table(TableAct::Widen(-1)) => "make it narrower";
        "usual" ["0"] Action::Table(TableAct::Usual) => "as wide as it needs";
        "sort" ["s" "Enter"] Action::Table(TableAct::SortThis) => "sort by it, the other way round, or not";
        "reset" ["R"] Action::Table(TableAct::Reset) => "all columns as they were at first";
        "palette" [":"] Action::Palette(PaletteAct::Open) => "all that can be done";
        "help" ["?"] Action::Help => "help for this list";
        "close" ["Esc" "c" "q"] Action::Back => "close the list";
    }
    Jar {
        "down" ["j" "↓"] Action::Move(1) => "move down";
        "up" ["k" "↑"] Action::Move(-1) => "move up";
        "page-down" ["PgDn"] Action::Page(1) => "a page down";
        "page-up" ["PgUp"] Action::Page(-1) => "a page up";
        "first" ["g" "Home"] Action::First => "to the first";
        "last" ["G" "End"] Action::Last => "to the last";
        "sort" ["s"] Action::Jar(JarAct::Sort) => "by site, name, expiry or newest";
        "add" ["a"] Action::Jar(JarAct::Add) => "add a cookie";
        "change" ["e" "Enter"] Action::Jar(JarAct::Change) => "change the selected cookie";
        "delete" ["d"] Action::Jar(JarAct::Drop) => "delete the selected cookie";
        "delete-all" ["D"] Action::Jar(JarAct::DropAll) => "delete all cookies";
        "copy" ["y"] Action::Jar(JarAct::Copy) => "copy name and value";
        "secrets" ["v"] Action::Reveal => "show secret values, or hide them";
        "palette" [":"] Action::Palette(PaletteAct::Open) => "all that can be done";
        "help" ["?"] Action::Help => "help for the jar";
        "close" ["Esc" "C" "q"] Action::Back => "close the jar";
    }
    Cookie {
        "keep" ["Enter"] Action::Jar(JarAct::Keep) => "keep the cookie as it is typed";
        "give-up" ["Esc"] Action::Jar(JarAct::GiveUp) => "leave it as it was";
    }
    Form {
        "fetch" ["Ctrl-S"] Action::Form(FormAct::Send) => "fetch it";
        "next" ["Tab"] Action::Form(FormAct::Next) => "next field";
        "before" ["Shift-Tab"] Action::Form(FormAct::Before) => "field before";
        "editor" ["Ctrl-O"] Action::Form(FormAct::Editor) => "in your editor ($EDITOR)";
        "give-up" ["Esc"] Action::Form(FormAct::GiveUp) => "leave it";
    }
    Menu {
        "down" ["j" "↓"] Action::Move(1) => "move down";
        "up" ["k" "↑"] Action::Move(-1) => "move up";
        "take" ["Enter"] Action::Pick => "take the row";
        "help" ["?"] Action::Help => "help for menus";
        "close" ["Esc" "q"] Action::Back => "close the menu";
    }
    Help {
        "down" ["↓"] Action::Move(1) => "move down";
        "up" ["↑"] Action::Move(-1) => "move up";
        "page-down" ["PgDn"] Action::Page(1) => "a page down";
        "page-up" ["PgUp"] Action::Page(-1) => "a page up";
        "first" ["Home"] Action::First => "to the first";
        "last" ["End"] Action::Last => "to the last";
        "close" ["Esc" "Enter" "F1"] Action::CloseHelp => "search no more, then close help";
    }
    Palette {
        "down" ["↓" "Tab" "Ctrl-N"] Action::Move(1) => "move down";
        "up" ["↑" "Shift-Tab" "Ctrl-P"] Action::Move(-1) => "move up";
        "page-down" ["PgDn"] Action::Page(1) => "a page down";
        "page-up" ["PgUp"] Action::Page(-1) => "a page up";
        "do" ["Enter"] Action::Palette(PaletteAct::Run) => "do what is pointed at";
        "close" ["Esc"] Action::Back => "close the palette";
    }
    Everywhere {
        "quit" ["Ctrl-C"] Action::Quit => "quit";
        "help" ["F1"] Action::Help => "help for where you are";
        "suspend" ["Ctrl-Z"] Action::Suspend => "stop, until fg";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let mut seen = HashSet::new();
        for binding in bindings() {
            for key in binding.keys {
                assert!(seen.insert((binding.mode, *key)), "{key} twice");
            }
        }
    }

    #[test]
    fn every_action_has_a_name_of_its_own_in_its_place() {
        let mut seen = HashSet::new();
        for binding in bindings() {
            let name = binding.name;
            assert!(seen.insert((binding.mode, name)), "{name} twice");
            assert!(
                name.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{name}"
            );
        }
    }

    #[test]
    fn every_place_is_told_of() {
        for binding in bindings() {
            assert!(Mode::ALL.contains(&binding.mode), "{:?}", binding.mode);
        }
    }
}
