use serde::{Deserialize, Serialize};
use url::Url;

use crate::message::{
    CacheMode, Conditions, Cookie, CookieKey, Credentials, Method, Priority, RedirectMode, Saying,
};

use super::{CacheUse, RequestId};

/// What the engine is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Fetch these, in this order.
    Fetch(Vec<Wanted>),
    /// Give this request up.
    Cancel(RequestId),
    /// Give all requests up.
    CancelAll,
    /// Put this cookie into the jar, in place of the other one where there is one.
    PutCookie {
        /// The cookie.
        cookie: Box<Cookie>,
        /// The one that it was made of.
        instead_of: Option<CookieKey>,
    },
    /// Take these cookies out of the jar.
    DropCookies(Vec<CookieKey>),
    /// Use the cache so, for what is fetched from now on.
    UseCache(CacheUse),
    /// Make the network out to be like this, from now on.
    Throttle(Conditions),
    /// Close what is open and end the run.
    Stop,
}

/// A request that somebody wants made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// With which method.
    pub method: Method,
    /// From where; http or https.
    pub url: Url,
    /// Who asked.
    pub because: Because,
    /// Headers and body beyond a plain request's.
    pub saying: Saying,
    /// How the cache may be used.
    pub cache: CacheMode,
    /// What is done with an answer that leads elsewhere.
    pub redirect: RedirectMode,
    /// Whether cookies go along.
    pub credentials: Credentials,
    /// How soon it gets a connection.
    pub priority: Priority,
}

impl Wanted {
    /// A plain `GET` of `url`.
    pub fn get(url: Url, because: Because) -> Self {
        Self::plain(Method::get(), url, because)
    }

    /// A request that says what a browser says, and no more.
    pub fn plain(method: Method, url: Url, because: Because) -> Self {
        Self {
            method,
            url,
            because,
            saying: Saying::default(),
            cache: CacheMode::default(),
            redirect: RedirectMode::default(),
            credentials: Credentials::default(),
            priority: Priority::default(),
        }
    }
}

/// Why a request is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// A person typed it, on the command line or in the address bar.
    Typed,
    /// It stood in a list.
    Listed {
        /// The line, from 1.
        line: u32,
    },
    /// Another program asked for it.
    Piped {
        /// The line that it asked in, from 1.
        line: u32,
    },
    /// Another answer led here.
    Redirected {
        /// The request that was answered so.
        from: RequestId,
    },
    /// An answer was cut, and this asks for the rest of it.
    Resumed {
        /// The request whose answer was cut.
        from: RequestId,
    },
    /// A stored answer was used stale, and is brought up to date.
    Refreshing {
        /// The request that it was used for.
        of: RequestId,
    },
    /// A person asked for it once more.
    Again {
        /// The request that was made before.
        of: RequestId,
    },
    /// It stands in an archive that another tool wrote.
    Archived {
        /// The entry, from 1.
        entry: u32,
        /// What made it, in the other tool's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        initiator: Option<String>,
    },
}

impl Because {
    /// The request whose answer led to this one, if nobody asked for it.
    pub const fn led_by(&self) -> Option<RequestId> {
        match self {
            Self::Redirected { from } | Self::Resumed { from } | Self::Refreshing { of: from } => {
                Some(*from)
            }
            Self::Typed
            | Self::Listed { .. }
            | Self::Piped { .. }
            | Self::Again { .. }
            | Self::Archived { .. } => None,
        }
    }
}
