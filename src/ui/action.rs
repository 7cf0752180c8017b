use crate::event::{Command, RequestId};
use crate::message::CookieKey;

use super::finding::FindAct;
use super::form::{Draft, FormAct};
use super::menu::{Menu, Paper, Piece};
use super::tab::Tab;

/// What a key or a click means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Move by so many rows or lines.
    Move(isize),
    /// Move by so many halves of what is seen.
    HalfPage(isize),
    /// Move by so many times what is seen.
    Page(isize),
    /// Go to the first.
    First,
    /// Go to the last.
    Last,
    /// Open the details, or fold and unfold in them.
    Open,
    /// Close the top layer.
    Back,
    /// Go back to where the last link was followed.
    Return,
    /// Go from the table to the details, from there to the lanes, and back.
    NextPane,
    /// The same the other way round.
    PaneBefore,
    /// Show a tab of the details.
    ShowTab(Tab),
    /// Go to the next tab, or to the one before; beside the details, move along the time axis.
    TurnTab(isize),
    /// Go to the address bar.
    Address,
    /// Fetch the selected request again.
    Again,
    /// Give the selected request up.
    Cancel,
    /// Give all requests up, once that was asked.
    CancelAll,
    /// Fetch everything again that was typed or listed.
    ListAgain,
    /// Look at another part of the time axis.
    Time(TimeAct),
    /// To the left in the table and on the axis, or fold in the details.
    Left,
    /// To the right, or unfold in the details.
    Right,
    /// Stand still at a fact, or go on.
    Wind(Wind),
    /// Keep to the newest request, or stop doing so.
    Follow,
    /// Show or hide the meaning of glyphs and colours.
    Legend,
    /// Show the keys, those of the place first.
    Help,
    /// Forget what is searched for in help, or close it.
    CloseHelp,
    /// Do with the palette as keys do.
    Palette(PaletteAct),
    /// Show the details on the whole screen, or in their place again.
    ZoomDetails,
    /// Do with the jar as keys do.
    Jar(JarAct),
    /// Do with the filter as keys do.
    Filter(FilterAct),
    /// Do with the form as keys do.
    Form(FormAct),
    /// Find something in the details.
    Find(FindAct),
    /// Look at the body or the headers in another way.
    Look,
    /// Show what can be copied, or written.
    Menu(Menu),
    /// Take the row of the menu that is pointed at.
    Pick,
    /// Search as keys do.
    Search(SearchAct),
    /// Sort the rows, or choose columns.
    Table(TableAct),
    /// Show the run as it would have been, and the next of these.
    WhatIf,
    /// Fold the lanes of the selected request's host, or unfold them.
    FoldHost,
    /// Switch the cache off for what is fetched from now on, or on again.
    Cache,
    /// Show values that look like secrets, or hide them.
    Reveal,
    /// Let the terminal have the mouse, or take it back.
    Mouse,
    /// Close the top layer, or the program if there is none.
    Leave,
    /// Close the program.
    Quit,
    /// Close the program, and leave the picture on the screen.
    QuitLeaving,
    /// Stop until the shell says to go on.
    Suspend,
    /// Do with the address bar as keys do.
    Edit(Edit),
}

/// What a key does with the time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeAct {
    /// Show half of it, or twice as much.
    Zoom(i8),
    /// Show the whole run, or the time of the selected burst.
    Whole,
    /// Move by so many quarters.
    Pan(i8),
    /// Show the time of the selected request.
    Fit,
    /// Draw a line through a moment, or draw it no more.
    Line,
}

/// What a key does with the time that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wind {
    /// Stand still, or go on.
    Hold,
    /// Go by so many facts.
    Facts(isize),
    /// Go by so many parts of the run.
    Parts(isize),
}

/// What a key does in the address bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Fetch what is typed.
    Enter,
    /// Take back the address before.
    Earlier,
    /// Go on to the address after.
    Later,
}

/// What a key does with the palette of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaletteAct {
    /// Show it.
    Open,
    /// Do what is pointed at.
    Run,
}

/// What a key does with the jar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JarAct {
    /// Show it, or show it no more.
    Open,
    /// Take the next order.
    Sort,
    /// Delete the selected cookie.
    Drop,
    /// Delete all cookies.
    DropAll,
    /// Copy the selected cookie.
    Copy,
    /// Type a new cookie.
    Add,
    /// Change the selected cookie.
    Change,
    /// Keep the cookie as it is typed.
    Keep,
    /// Leave the cookie as it was.
    GiveUp,
}

/// What a key does with the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterAct {
    /// Type it.
    Start,
    /// Keep what is typed.
    End,
    /// Take back what was there before.
    Restore,
    /// Take the word that is offered.
    Complete,
    /// Look at the next of the words that are offered, or at the one before.
    Pick(isize),
    /// Show only what is so; no filter if that is the filter already.
    Only(&'static str),
}

/// What a key does with the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchAct {
    /// Type what is searched for.
    Start,
    /// Keep what is typed.
    End,
    /// Take back what was searched for before.
    Restore,
    /// Go to the next hit, or to the one before.
    Next(isize),
}

/// What a key does with rows and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableAct {
    /// Sort by the next column.
    SortNext,
    /// Sort the other way round.
    Reverse,
    /// Choose columns, or choose no more.
    Columns,
    /// Show the chosen column, or show it no more.
    Show,
    /// Carry the chosen column to another place.
    Carry(isize),
    /// Make the chosen column wider.
    Widen(i16),
    /// Make the chosen column as wide as it was.
    Usual,
    /// Sort by the chosen column.
    SortThis,
    /// Have all columns as they were at first.
    Reset,
}

/// What has to be done outside of this room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read these addresses and fetch them.
    Open(String),
    /// Tell the engine.
    Tell(Command),
    /// Keep a cookie as it is typed, in place of another where there is one.
    KeepCookie {
        /// The other.
        of: Option<CookieKey>,
        /// The line.
        line: String,
    },
    /// Show another moment of the run.
    Wind(Wind),
    /// Put this into the clipboard.
    Copy {
        /// What it is, as it is told.
        what: String,
        /// The text.
        text: String,
    },
    /// Fetch what was changed in the form.
    Send(Box<Draft>),
    /// Change this in another program.
    Editor(Box<Draft>),
    /// Put something of a request into the clipboard.
    Yank(Piece, RequestId),
    /// Write something into a file; of a request, where there is one.
    Write(Paper, Option<RequestId>),
    /// Schedule the run again with the change of this number.
    Imagine(usize),
    /// Let go of the mouse, or take it.
    Mouse,
    /// Stop until told to go on.
    Suspend,
    /// End the program.
    Quit,
    /// End the program, the picture left on the screen.
    QuitLeaving,
}
