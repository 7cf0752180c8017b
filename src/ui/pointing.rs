use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::model::Model;

use super::action::{Effect, JarAct};
use super::pane;
use super::state::{Overlay, State};

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
        let screen = Rect::from((Position::ORIGIN, self.size()));
        match overlay {
            Overlay::Menu(menu) => match pane::row_at(menu, self, screen, at) {
                Some(row) => {
                    self.pointed = row;
                    self.pick(model)
                }
                None => self.close(),
            },
            Overlay::Jar if self.jar.editing.is_some() => None,
            Overlay::Jar if pane::Jar::area(screen).contains(at) => {
                let hit = pane::Jar::cookie_at(self, model, screen, at)?;
                if self.jar.selected.as_ref() == Some(&hit) {
                    return self.act_in_jar(JarAct::Change, model);
                }
                self.jar.selected = Some(hit);
                None
            }
            Overlay::Jar | Overlay::Columns | Overlay::Help | Overlay::Legend | Overlay::WhatIf => {
                self.close()
            }
        }
    }

    fn close(&mut self) -> Option<Effect> {
        self.overlay = None;
        None
    }
}
