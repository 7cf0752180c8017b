use std::collections::HashSet;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::{Position, Rect, Size};
use tui_input::Input;

use crate::event::{ConnectionId, Moment, RequestId};
use crate::message::Group;
use crate::model::{Model, Request};

use super::action::{Action, Effect};
use super::binding::Mode;
use super::browsing::Browsing;
use super::filtering::FilterLine;
use super::finding::Finder;
use super::folds::Folds;
use super::form::Form;
use super::held::Pace;
use super::help_view::HelpView;
use super::imagined::Imagined;
use super::jar_view::JarView;
use super::keys::Keys;
use super::layers::Overlay;
use super::layout::Layout;
use super::mouse::Grab;
use super::palette::Palette;
use super::pane;
use super::rows::Rows;
use super::screen::{Areas, areas, on_top};
use super::searching::SearchLine;
use super::secrets::Secrets;
use super::tab::Tab;
use super::trail::Place;
use super::typing::after_escape;
use super::unpacked::Unpacked;
use super::window::Window;

/// What a person looks at, and how.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct State {
    /// The selected request; by its number, so that new rows never steal the selection.
    pub selected: Option<RequestId>,
    /// The first row that is seen.
    pub top: usize,
    /// Whether the newest request is kept selected.
    pub is_following: bool,
    /// Where keys go.
    pub focus: Focus,
    /// What lies on top.
    pub overlay: Option<Overlay>,
    /// Something to tell, until the next key.
    pub notice: Option<Notice>,
    /// Which tab the details show.
    pub tab: Tab,
    /// Whether values that look like secrets are shown.
    pub secrets: Secrets,
    /// Whether the mouse is the terminal's.
    pub has_let_go: bool,
    /// The body that was decoded last; it is asked for by [`State::packed`].
    pub unpacked: Option<Unpacked>,
    /// The run as it would have been; it is asked for by [`Effect::Imagine`].
    pub imagined: Option<Imagined>,
    /// Whether the terminal has more than 256 colours.
    pub has_true_colour: bool,
    /// What the header calls the run: a file, a list, the demo.
    pub title: String,
    /// Whether the run is a recorded one, in which nothing can be fetched.
    pub is_recorded: bool,
    /// Whether the screen goes with the run.
    pub pace: Pace,
    /// What keys mean.
    pub keys: Keys,
    /// By how many lines what lies on top is scrolled.
    pub(super) unrolled: usize,
    /// The row of the menu that is pointed at.
    pub(super) pointed: usize,
    /// What lies under that, the lowest first.
    pub(super) beneath: Vec<Overlay>,
    pub(super) help: HelpView,
    pub(super) palette: Palette,
    pub(super) is_detailed: bool,
    /// Whether the details take the whole screen while they have the keys.
    pub(super) is_zoomed: bool,
    pub(super) cursor: usize,
    /// A line of the details, and which of its links is chosen.
    pub(super) chosen: (usize, usize),
    /// Where links were followed, the last at the end.
    pub(super) trail: Vec<Place>,
    pub(super) folds: Folds,
    pub(super) browsing: Browsing,
    pub(super) finder: Finder,
    pub(super) form: Option<Form>,
    pub(super) jar: JarView,
    pub(super) filtering: FilterLine,
    pub(super) search: SearchLine,
    pub(super) layout: Layout,
    /// The columns as they were at first.
    pub(super) usual_layout: Layout,
    /// Where columns are chosen: the place of the one that is looked at.
    pub(super) choosing: usize,
    pub(super) rows: Rows,
    /// Which stretch of time is shown.
    pub(super) window: Window,
    /// The moment that a line is drawn through.
    pub(super) line: Option<Moment>,
    /// What the mouse holds on to.
    pub(super) grab: Option<Grab>,
    /// What a person was asked about: the same once more does it.
    pub(super) asked: Option<Action>,
    /// The groups whose lanes are folded.
    pub(super) folded: HashSet<Group>,
    /// The lane that is selected.
    pub(super) lane: Option<ConnectionId>,
    /// The first row of the lanes that is seen.
    pub(super) lanes_top: usize,
    /// How many rows the details have, where a person chose.
    pub(super) details_rows: Option<u16>,
    /// Which of the changes is shown, from 0.
    pub(super) imagining: usize,
    pub(super) address: Input,
    pub(super) scrolled: usize,
    pub(super) history: Vec<String>,
    pub(super) recalled: Option<usize>,
    size: Size,
}

/// Where keys go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// To the table.
    #[default]
    Table,
    /// To the details.
    Details,
    /// To the address bar.
    Address,
    /// To the filter.
    Filter,
    /// To the search.
    Search,
    /// To the lanes of the connections.
    Lanes,
}

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// As a sentence.
    pub words: String,
    /// Whether something went wrong.
    pub is_bad: bool,
}

impl State {
    /// A screen of `size`, with the address bar waiting for an address.
    pub fn new(size: Size, title: impl Into<String>) -> Self {
        Self {
            size,
            title: title.into(),
            focus: Focus::Address,
            ..Self::default()
        }
    }

    /// Tells something, until the next key.
    pub fn tell(&mut self, words: impl Into<String>) {
        self.notice = Some(Notice {
            words: words.into(),
            is_bad: false,
        });
    }

    /// Tells that something went wrong.
    pub fn warn(&mut self, words: impl Into<String>) {
        self.notice = Some(Notice {
            words: words.into(),
            is_bad: true,
        });
    }

    /// Whether the details are open.
    pub const fn has_details(&self) -> bool {
        self.is_detailed && self.selected.is_some()
    }

    /// The terminal's size changed.
    pub fn resize(&mut self, size: Size, model: &Model) {
        self.size = size;
        self.settle(model);
    }

    /// A key was pressed.
    pub fn key(&mut self, event: &KeyEvent, model: &Model) -> Option<Effect> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let mode = self.mode();
        if let Some(next) = after_escape(event, mode) {
            let escape = KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE);
            return self.key(&escape, model).or_else(|| self.key(&next, model));
        }
        self.notice = None;
        if let Some(action) = self.meaning(mode, event) {
            return self.update(action, model);
        }
        self.asked = None;
        match mode {
            Mode::Address => self.type_in(event),
            Mode::Cookie => self.type_cookie(event),
            Mode::Filter => {
                self.type_filter(event, model);
                self.settle(model);
            }
            Mode::Menu => return self.pick_by(event, model),
            Mode::Search => self.type_search(event),
            Mode::Finder => self.type_sought(event, model),
            Mode::Form => return self.type_form(event),
            Mode::Help => self.type_help(event, model),
            Mode::Palette => self.type_palette(event),
            Mode::Everywhere | Mode::Panes | Mode::Details | Mode::Columns | Mode::Jar => {}
        }
        None
    }

    /// Does what an action means; the effect is what is to be done elsewhere.
    pub fn update(&mut self, action: Action, model: &Model) -> Option<Effect> {
        let effect = self.act(action, model);
        // Whatever was opened or closed, the selected row stays in sight.
        self.settle(model);
        effect
    }

    pub(super) fn act(&mut self, action: Action, model: &Model) -> Option<Effect> {
        let is_asked = self.asked.take() == Some(action);
        match action {
            Action::Move(by) => self.go(by, model),
            Action::HalfPage(by) => self.go(by * self.page() / 2, model),
            Action::Page(by) => self.go(by * self.page(), model),
            Action::First => self.go(isize::MIN / 2, model),
            Action::Last => self.go(isize::MAX / 2, model),
            Action::Open => self.open(model),
            Action::Back => self.back(),
            Action::Return => self.go_back(model),
            Action::NextPane => self.next_pane(model),
            Action::PaneBefore => self.pane_before(model),
            Action::ShowTab(tab) => self.show(tab),
            Action::TurnTab(by) => self.turn(by, model),
            Action::Left => self.sideways(-1, model),
            Action::Right => self.sideways(1, model),
            Action::Time(act) => self.act_on_time(act, model),
            Action::Address => self.focus = Focus::Address,
            Action::Again => return self.again(model),
            Action::Cancel => return self.cancel(model),
            Action::CancelAll => return self.cancel_all(is_asked, model),
            Action::ListAgain => return self.list_again(model),
            Action::Wind(wind) => return Some(Effect::Wind(wind)),
            Action::Follow => self.follow(model),
            Action::Legend => self.toggle(Overlay::Legend),
            Action::Help => self.ask_help(),
            Action::CloseHelp => self.close_help(),
            Action::Palette(act) => return self.act_in_palette(act, model),
            Action::ZoomDetails => self.zoom_details(),
            Action::WhatIf => return Some(self.imagine()),
            Action::FoldHost => self.fold_host(model),
            Action::Cache => return self.switch_cache(model),
            Action::Reveal => self.reveal(),
            Action::Jar(act) => return self.act_in_jar(act, model),
            Action::Filter(act) => self.act_in_filter(act, model),
            Action::Search(act) => self.act_in_search(act, model),
            Action::Table(act) => self.act_on_table(act, model),
            Action::Menu(menu) => self.open_menu(menu, model),
            Action::Pick => return self.pick(model),
            Action::Form(act) => return self.act_in_form(act, model),
            Action::Find(act) => self.find(act, model),
            Action::Look => self.look_otherwise(model),
            Action::Mouse => {
                self.let_go();
                return Some(Effect::Mouse);
            }
            Action::Leave => return self.leave(),
            Action::Quit => return Some(Effect::Quit),
            Action::QuitLeaving => return Some(Effect::QuitLeaving),
            Action::Suspend => return Some(Effect::Suspend),
            Action::Edit(edit) => return self.edit(edit),
        }
        None
    }

    /// How many columns the screen has.
    pub(super) const fn columns(&self) -> u16 {
        self.size.width
    }

    /// The screen's size.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Where what lies on top may be.
    pub(super) fn room_on_top(&self) -> Rect {
        on_top(Rect::from((Position::ORIGIN, self.size)))
    }

    pub(super) fn areas(&self) -> Areas {
        areas(self.size, self)
    }

    fn open(&mut self, model: &Model) {
        if self.uncover() {
            return;
        }
        match self.focus {
            Focus::Details => match self.link_here(model) {
                Some(link) => self.follow_link(link, model),
                None => self.fold(None, model),
            },
            Focus::Table | Focus::Lanes | Focus::Address | Focus::Filter | Focus::Search => {
                self.show(self.tab);
            }
        }
    }

    pub(super) fn show(&mut self, tab: Tab) {
        if self.selected.is_none() {
            self.tell("there is no request to look at yet");
            return;
        }
        (self.is_detailed, self.focus) = (true, Focus::Details);
        if self.tab != tab {
            (self.tab, self.cursor, self.scrolled) = (tab, 0, 0);
            (self.browsing.panned, self.finder) = (0, Finder::default());
        }
        if self.areas().details.height == 0 {
            self.warn("the details need a screen of 12 rows or more");
            (self.is_detailed, self.focus) = (false, Focus::Table);
        }
    }

    /// Folds or unfolds the section that the cursor is in, or whichever it is not.
    pub(super) fn fold(&mut self, is_folded: Option<bool>, model: &Model) {
        if self.focus != Focus::Details {
            return;
        }
        if self.fold_in_body(is_folded, model) {
            return;
        }
        let sheet = pane::sheet(self, model);
        let Some(section) = sheet.section_at(self.cursor) else {
            return;
        };
        let is_folded = is_folded.unwrap_or_else(|| !self.folds.is_folded(section));
        self.cursor = sheet.title_of(self.cursor).unwrap_or(0);
        self.folds.set(section, is_folded);
        self.keep_cursor_in_sight();
    }

    fn follow(&mut self, model: &Model) {
        self.is_following = !self.is_following;
        let words = if self.is_following {
            "following the newest"
        } else {
            "no longer following"
        };
        self.tell(words);
        self.settle(model);
    }

    /// The selected request.
    pub(super) fn current<'a>(&self, model: &'a Model) -> Option<&'a Request> {
        self.selected.and_then(|id| model.request(id))
    }
}
