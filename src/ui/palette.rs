use std::cmp::Reverse;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::crossterm::event::KeyEvent;
use tui_input::Input;

use crate::model::Model;

use super::action::{Action, Effect, PaletteAct};
use super::binding::Mode;
use super::keys::Bound;
use super::layers::Overlay;
use super::menu::Menu;
use super::state::State;
use super::typing::edit_request;

/// The line in which an action is looked for, and what was done by it before.
#[derive(Clone, Debug, Default)]
pub(super) struct Palette {
    pub(super) input: Input,
    /// Which of the actions found is pointed at, from 0.
    pub(super) place: usize,
    /// Where it was opened.
    mode: Mode,
    /// What was done, the last first.
    recent: Vec<Deed>,
}

/// What is done when it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// What keys do.
    Act(Action),
    /// What a row of a menu does.
    Take(Menu, usize),
}

/// Something that can be done, or could be elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) deed: Deed,
    pub(super) keys: Vec<String>,
    pub(super) words: String,
    /// Its name in the preferences.
    pub(super) name: String,
    /// Why it would do nothing now.
    pub(super) hindrance: Option<String>,
    /// Which characters of the words are those that were typed.
    pub(super) lit: Vec<u32>,
    score: u32,
}

/// The palette: all that can be done, found by a few letters of it.
impl State {
    pub(super) fn act_in_palette(&mut self, act: PaletteAct, model: &Model) -> Option<Effect> {
        match act {
            PaletteAct::Open => {
                let mode = self.mode();
                let palette = &mut self.palette;
                (palette.mode, palette.place, palette.input) = (mode, 0, Input::default());
                self.lay_over(Overlay::Palette);
                None
            }
            PaletteAct::Run => self.run_offer(model),
        }
    }

    /// Does what is pointed at; where it would do nothing, says why.
    fn run_offer(&mut self, model: &Model) -> Option<Effect> {
        let mut offers = self.offers(model);
        if offers.len() <= self.palette.place {
            return None;
        }
        let Offer {
            deed, hindrance, ..
        } = offers.swap_remove(self.palette.place);
        if let Some(words) = hindrance {
            self.warn(words);
            return None;
        }
        let recent = &mut self.palette.recent;
        recent.retain(|known| *known != deed);
        recent.insert(0, deed);
        self.uncover();
        match deed {
            Deed::Act(action) => self.act(action, model),
            Deed::Take(menu, row) => {
                (self.overlay, self.pointed) = (Some(Overlay::Menu(menu)), row);
                self.pick(model)
            }
        }
    }

    /// What is found, the likeliest first; if nothing is typed, what was done last, then what else can
    /// be done here, moving about behind the rest, then what cannot.
    pub(super) fn offers(&self, model: &Model) -> Vec<Offer> {
        let typed = self.palette.input.value().trim();
        let mut offers = self.all_offers(model);
        if typed.is_empty() {
            let recent = &self.palette.recent;
            let place = |offer: &Offer| recent.iter().position(|deed| *deed == offer.deed);
            offers.sort_by_key(|offer| {
                let is_hindered = offer.hindrance.is_some();
                let last = place(offer).unwrap_or(usize::MAX);
                (is_hindered, last, is_moving(offer.deed))
            });
            return offers;
        }
        rank(&mut offers, typed);
        offers
    }

    /// All that can be done here, and behind it what could be done in other places.
    fn all_offers(&self, model: &Model) -> Vec<Offer> {
        let here = self.palette.mode;
        let places = if here == Mode::Details {
            vec![Mode::Details, Mode::Panes, Mode::Everywhere]
        } else {
            vec![here, Mode::Everywhere]
        };
        let is_listed = |mode: &Mode| !places.contains(mode) && !mode.is_typed();
        let elsewhere = Mode::ALL.iter().copied().filter(is_listed);
        let mut offers: Vec<Offer> = Vec::new();
        for mode in places.iter().copied().chain(elsewhere) {
            for bound in self.keys.at(mode) {
                let action = bound.binding.action;
                let is_known = offers.iter().any(|offer| offer.deed == Deed::Act(action));
                if is_known || action == Action::Palette(PaletteAct::Open) {
                    continue;
                }
                let hindrance = if places.contains(&mode) {
                    self.hindrance(action, model)
                } else {
                    Some(format!("only {}", mode.words()))
                };
                offers.push(offer(bound, hindrance));
            }
            if mode == Mode::Panes {
                offers.extend(self.rows_of_menus(places.contains(&mode)));
            }
        }
        offers
    }

    /// What the menus have, without the way through them.
    fn rows_of_menus(&self, is_here: bool) -> impl Iterator<Item = Offer> {
        let row = move |menu: Menu, place: usize| {
            let row = menu.rows().get(place)?;
            let opens = self.keys.of(Mode::Panes, Action::Menu(menu));
            let key = opens.first().map(|key| format!("{key} {}", row.letter));
            let hindrance = if !is_here {
                Some(format!("only {}", Mode::Panes.words()))
            } else if row.is_of_request() && self.selected.is_none() {
                Some("there is no request yet".to_owned())
            } else {
                None
            };
            Some(Offer {
                deed: Deed::Take(menu, place),
                keys: key.into_iter().collect(),
                words: format!("{}: {}", menu.verb(), row.words),
                name: String::new(),
                hindrance,
                lit: Vec::new(),
                score: 0,
            })
        };
        let menus = [Menu::Yank, Menu::Write, Menu::Network].into_iter();
        menus.flat_map(move |menu| (0..menu.rows().len()).filter_map(move |nth| row(menu, nth)))
    }

    pub(super) fn go_in_palette(&mut self, by: isize, model: &Model) {
        let last = self.offers(model).len().saturating_sub(1);
        self.palette.place = self.palette.place.saturating_add_signed(by).min(last);
    }

    pub(super) fn type_palette(&mut self, event: &KeyEvent) {
        if let Some(request) = edit_request(event) {
            self.palette.input.handle(request);
            self.palette.place = 0;
        }
    }

    pub(super) fn paste_palette(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            self.palette
                .input
                .handle(tui_input::InputRequest::InsertChar(c));
        }
        self.palette.place = 0;
    }
}

fn offer(bound: &Bound, hindrance: Option<String>) -> Offer {
    let binding = bound.binding;
    Offer {
        deed: Deed::Act(binding.action),
        keys: bound.keys.clone(),
        words: binding.words.to_owned(),
        name: format!("[keys.{}] {}", binding.mode.name(), binding.name),
        hindrance,
        lit: Vec::new(),
        score: 0,
    }
}

/// Whether it is a way to move about, which everybody has in the fingers.
const fn is_moving(deed: Deed) -> bool {
    matches!(
        deed,
        Deed::Act(
            Action::Move(_) | Action::HalfPage(_) | Action::Page(_) | Action::First | Action::Last
        )
    )
}

/// Leaves what is like `typed`, the likest first; a key that is typed out is likest of all.
fn rank(offers: &mut Vec<Offer>, typed: &str) {
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut characters = Vec::new();
    offers.retain_mut(|offer| {
        // The name in the preferences is searched too, behind the words.
        let name = offer.name.rsplit(' ').next().unwrap_or_default();
        let text = format!("{} {name}", offer.words);
        let text = Utf32Str::new(&text, &mut characters);
        let score = pattern.indices(text, &mut matcher, &mut offer.lit);
        let is_key = offer.keys.iter().any(|key| key == typed);
        offer.score = if is_key { u32::MAX } else { score.unwrap_or(0) };
        is_key || score.is_some()
    });
    // Of two that are as like, the one that says less besides.
    offers.sort_by_key(|offer| (Reverse(offer.score), offer.words.len()));
}
