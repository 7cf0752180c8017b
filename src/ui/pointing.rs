use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::model::Model;

use super::action::{Effect, JarAct, PaletteAct, TableAct};
use super::binding::Mode;
use super::form::FormAct;
use super::layers::Overlay;
use super::order::{By, Order};
use super::pane;
use super::state::State;

/// The mouse, over what lies on top.
impl State {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what the mouse can do besides means nothing here"
    )]
    pub(super) fn mouse_on_top(
        &mut self,
        overlay: Overlay,
        event: MouseEvent,
        model: &Model,
    ) -> Option<Effect> {
        let at = Position::new(event.column, event.row);
        match event.kind {
            MouseEventKind::ScrollDown => self.go(1, model),
            MouseEventKind::ScrollUp => self.go(-1, model),
            MouseEventKind::Down(MouseButton::Left) => {
                return self.click_on_top(overlay, at, model);
            }
            _ => {}
        }
        None
    }

    fn click_on_top(&mut self, overlay: Overlay, at: Position, model: &Model) -> Option<Effect> {
        let screen = self.room_on_top();
        match overlay {
            Overlay::Menu(menu) => match pane::row_at(menu, self, screen, at) {
                Some(row) => {
                    self.pointed = row;
                    self.pick(model)
                }
                None => self.close(),
            },
            Overlay::Form => {
                if let (Some(field), Some(form)) = (pane::field_at(screen, at), &mut self.form) {
                    form.go_to(field);
                } else if !pane::is_in_form(screen, at) {
                    return self.act_in_form(FormAct::GiveUp, model);
                }
                None
            }
            Overlay::Jar if self.jar.editing.is_some() => None,
            Overlay::Jar if pane::Jar::area(screen).contains(at) => {
                let hit = pane::Jar::cookie_at(self, model, screen, at)?;
                if self.jar.selected.as_ref() == Some(&hit) {
                    return self.act_in_jar(JarAct::Change, model);
                }
                self.jar.selected = Some(hit);
                None
            }
            Overlay::Columns => self.click_columns(at, model),
            Overlay::Legend => self.click_legend(at),
            Overlay::Palette => match pane::offer_at(self, model, screen, at) {
                Some(place) => {
                    self.palette.place = place;
                    self.act_in_palette(PaletteAct::Run, model)
                }
                None => self.close(),
            },
            Overlay::Help => self.click_help(at, model),
            Overlay::WhatIf if pane::is_in_what_if(self, model, screen, at) => None,
            Overlay::Jar | Overlay::WhatIf => self.close(),
        }
    }

    /// What a row of help tells of is done, if that can be done where help was asked for.
    fn click_help(&mut self, at: Position, model: &Model) -> Option<Effect> {
        let screen = self.room_on_top();
        if !pane::is_in_help(self, screen, at) {
            return self.close();
        }
        let (mode, action) = pane::help_at(self, screen, at)?;
        let here = self.help.place;
        let is_beside = here == Mode::Details && mode == Mode::Panes;
        if mode != here && mode != Mode::Everywhere && !is_beside {
            self.tell(format!("that key is for another place: {}", mode.words()));
            return None;
        }
        self.uncover();
        self.act(action, model)
    }

    /// A column of the list is chosen; once more, or on its box, it is shown or shown no more.
    fn click_columns(&mut self, at: Position, model: &Model) -> Option<Effect> {
        let columns = self.layout.columns().len();
        let top = pane::top_of_columns(self.choosing, self.room_on_top().as_size());
        let Some(place) = pane::line_at(columns, top, self.room_on_top().as_size(), at.y) else {
            return self.close();
        };
        let is_box = pane::is_box(self, self.room_on_top(), at.x);
        if is_box || place == self.choosing {
            self.choosing = place;
            self.act_on_table(TableAct::Show, model);
        }
        self.choosing = place;
        None
    }

    /// The rows are sorted by the stage that is clicked, those first where it took longest.
    fn click_legend(&mut self, at: Position) -> Option<Effect> {
        let lines = pane::lines_of_legend();
        let line = pane::line_at(lines, self.unrolled, self.room_on_top().as_size(), at.y);
        if let Some(stage) = line.and_then(pane::stage_of_line) {
            self.layout.order = Order {
                by: By::Stage(stage),
                is_reversed: true,
            };
            self.tell(format!(
                "sorted by {}, the longest first",
                stage.card().name
            ));
        }
        self.close()
    }

    fn close(&mut self) -> Option<Effect> {
        self.uncover();
        None
    }
}
