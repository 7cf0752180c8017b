use std::cmp::Ordering;

use ratatui::crossterm::event::KeyEvent;
use tui_input::Input;

use crate::event::Command;
use crate::message::{Cookie, CookieKey, span};
use crate::model::{Kept, Model};

use super::action::{Effect, JarAct};
use super::layers::Overlay;
use super::state::State;
use super::typing::edit_request;

/// How a person looks at the jar.
#[derive(Clone, Debug, Default)]
pub(super) struct JarView {
    pub(super) selected: Option<CookieKey>,
    pub(super) order: JarOrder,
    /// The cookie that is being changed, and what of it is typed so far.
    pub(super) editing: Option<Editing>,
    /// What a second press of the same key deletes.
    asked: Option<Asked>,
}

/// A cookie that is being changed.
#[derive(Clone, Debug)]
pub(super) struct Editing {
    pub(super) of: Option<CookieKey>,
    pub(super) input: Input,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    One(CookieKey),
    All,
}

/// The order of the jar's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JarOrder {
    /// By site, then host, path and name.
    #[default]
    Site,
    /// By name.
    Name,
    /// What expires first comes first; session cookies last.
    Expiry,
    /// What was stored last comes first.
    Newest,
}

impl JarOrder {
    /// As it is said.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Name => "name",
            Self::Expiry => "expiry",
            Self::Newest => "newest",
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::Site => Self::Name,
            Self::Name => Self::Expiry,
            Self::Expiry => Self::Newest,
            Self::Newest => Self::Site,
        }
    }

    fn compare(self, a: &Kept, b: &Kept) -> Ordering {
        let place = |kept: &Kept| {
            let Cookie {
                domain, path, name, ..
            } = &kept.cookie;
            (
                kept.site.clone(),
                domain.clone(),
                path.clone(),
                name.clone(),
            )
        };
        let expiry = |kept: &Kept| kept.cookie.expires.unwrap_or(u64::MAX);
        let first = match self {
            Self::Site => Ordering::Equal,
            Self::Name => a.cookie.name.cmp(&b.cookie.name),
            Self::Expiry => expiry(a).cmp(&expiry(b)),
            Self::Newest => b.cookie.created.cmp(&a.cookie.created),
        };
        first.then_with(|| place(a).cmp(&place(b)))
    }
}

/// The jar, looked at and changed.
impl State {
    /// The cookies of the jar in the order in which they are looked at.
    pub(super) fn jar_rows<'a>(&self, model: &'a Model) -> Vec<&'a Kept> {
        let mut rows: Vec<_> = model.jar().kept().iter().collect();
        rows.sort_by(|a, b| self.jar.order.compare(a, b));
        rows
    }

    /// The place of the selected cookie among [`Self::jar_rows`].
    pub(super) fn jar_place(&self, rows: &[&Kept]) -> usize {
        let is_it = |kept: &&Kept| {
            self.jar
                .selected
                .as_ref()
                .is_some_and(|key| kept.cookie.is(key))
        };
        rows.iter().position(is_it).unwrap_or(0)
    }

    pub(super) fn act_in_jar(&mut self, act: JarAct, model: &Model) -> Option<Effect> {
        let asked = self.jar.asked.take();
        match act {
            JarAct::Open => self.open_jar(),
            JarAct::Sort => self.sort_jar(),
            JarAct::Drop => return self.drop_cookie(asked.as_ref(), model),
            JarAct::DropAll => return self.drop_cookies(asked.as_ref(), model),
            JarAct::Copy => return self.copy_cookie(model),
            JarAct::Add => self.add_cookie(model),
            JarAct::Change => self.change_cookie(model),
            JarAct::Keep => return self.keep_cookie(),
            JarAct::GiveUp => self.jar.editing = None,
        }
        None
    }

    fn open_jar(&mut self) {
        self.overlay = (self.overlay != Some(Overlay::Jar)).then_some(Overlay::Jar);
        (self.jar.editing, self.jar.asked) = (None, None);
    }

    pub(super) fn go_in_jar(&mut self, by: isize, model: &Model) {
        let rows = self.jar_rows(model);
        let last = rows.len().saturating_sub(1);
        let place = self.jar_place(&rows).saturating_add_signed(by).min(last);
        self.jar.selected = rows.get(place).map(|kept| kept.cookie.key());
        self.jar.asked = None;
    }

    fn sort_jar(&mut self) {
        self.jar.order = self.jar.order.next();
        self.tell(format!("the jar by {}", self.jar.order.name()));
    }

    fn chosen<'a>(&self, model: &'a Model) -> Option<&'a Kept> {
        let rows = self.jar_rows(model);
        rows.get(self.jar_place(&rows)).copied()
    }

    fn drop_cookie(&mut self, asked: Option<&Asked>, model: &Model) -> Option<Effect> {
        let cookie = &self.chosen(model)?.cookie;
        let key = cookie.key();
        let asking = Asked::One(key.clone());
        if asked != Some(&asking) {
            self.jar.asked = Some(asking);
            self.warn(format!("d again deletes {key}"));
            return None;
        }
        let rows = self.jar_rows(model);
        let place = self.jar_place(&rows);
        let next = rows
            .get(place + 1)
            .or_else(|| rows.get(place.checked_sub(1)?));
        self.jar.selected = next.map(|kept| kept.cookie.key());
        Some(Effect::Tell(Command::DropCookies(vec![key])))
    }

    fn drop_cookies(&mut self, asked: Option<&Asked>, model: &Model) -> Option<Effect> {
        let keys: Vec<_> = model
            .jar()
            .kept()
            .iter()
            .map(|kept| kept.cookie.key())
            .collect();
        if keys.is_empty() {
            return None;
        }
        if asked != Some(&Asked::All) {
            self.jar.asked = Some(Asked::All);
            self.warn(format!("D again deletes all {}", keys.len()));
            return None;
        }
        Some(Effect::Tell(Command::DropCookies(keys)))
    }

    /// The selected cookie as a line of text, for the clipboard.
    fn copy_cookie(&self, model: &Model) -> Option<Effect> {
        let cookie = &self.chosen(model)?.cookie;
        Some(Effect::Copy {
            what: format!("{}: name and value", cookie.key()),
            text: cookie.pair(),
        })
    }

    /// A cookie for the selected request's host, to be typed.
    fn add_cookie(&mut self, model: &Model) {
        let origin = self
            .current(model)
            .and_then(|request| request.origin.as_ref());
        let host = origin.map(|origin| origin.host.clone());
        let host = host.unwrap_or_default();
        let line = format!("name=value; Domain={host}; HostOnly; Path=/");
        // What is to be typed first is the name.
        let input = Input::new(line).with_cursor(0);
        self.jar.editing = Some(Editing { of: None, input });
    }

    fn change_cookie(&mut self, model: &Model) {
        let Some(cookie) = self.chosen(model).map(|kept| &kept.cookie) else {
            self.tell("there is no cookie to change");
            return;
        };
        let wall = model.run().wall_ms;
        let now = wall + model.latest().0 / 1_000_000;
        self.jar.editing = Some(Editing {
            of: Some(cookie.key()),
            input: Input::new(written(cookie, now)),
        });
    }

    /// Puts a cookie that could not be kept back, to be mended.
    pub fn mend_cookie(&mut self, of: Option<CookieKey>, line: String) {
        self.overlay = Some(Overlay::Jar);
        let input = Input::new(line);
        self.jar.editing = Some(Editing { of, input });
    }

    fn keep_cookie(&mut self) -> Option<Effect> {
        let Editing { of, mut input } = self.jar.editing.take()?;
        let line = input.value_and_reset();
        Some(Effect::KeepCookie { of, line })
    }

    pub(super) fn type_cookie(&mut self, event: &KeyEvent) {
        if let (Some(editing), Some(request)) = (&mut self.jar.editing, edit_request(event)) {
            editing.input.handle(request);
        }
    }
}

/// A cookie as a person writes it.
fn written(cookie: &Cookie, now: u64) -> String {
    let mut parts = vec![cookie.pair(), format!("Domain={}", cookie.domain)];
    let mut flag = |is_set: bool, name: &str| {
        if is_set {
            parts.push(name.to_owned());
        }
    };
    flag(cookie.host_only, "HostOnly");
    flag(true, &format!("Path={}", cookie.path));
    let life = cookie.expires.map(|at| at.saturating_sub(now) / 1000);
    flag(life.is_some(), &format!("Max-Age={}", life.unwrap_or(0)));
    flag(cookie.secure, "Secure");
    flag(cookie.http_only, "HttpOnly");
    let same_site = cookie.same_site.map_or("", |same_site| same_site.name());
    flag(!same_site.is_empty(), &format!("SameSite={same_site}"));
    parts.join("; ")
}

/// How long a cookie still lives, in a few characters.
pub(super) fn life(cookie: &Cookie, now: u64) -> String {
    match cookie.expires {
        None => "session".to_owned(),
        Some(at) if at <= now => "expired".to_owned(),
        Some(at) => span((at - now) / 1000),
    }
}
