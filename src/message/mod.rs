//! What is said in HTTP, in TLS and to name servers, as data.
//!
//! This room holds no rules of time, storage or sockets: it only says what a request, a response,
//! an origin, a certificate and a question for a name are.

mod certificate;
mod conditions;
mod cookie;
mod credentials;
mod detour;
mod group;
mod headers;
mod mode;
mod origin;
mod port;
mod proxy;
mod question;
mod request;
mod response;
mod saying;
mod secret;
mod set_cookie;
mod shared;
mod span;
mod text;

pub use certificate::{Certificate, Standing, Staple, day};
pub use conditions::{Conditions, Pace, UnknownConditions};
pub use cookie::{Cookie, CookieKey, CookiePriority, SameSite};
pub use credentials::{basic, take_credentials};
pub use detour::{BadDetour, Detour};
pub use group::Group;
pub use headers::Headers;
pub use mode::{CacheMode, Credentials, Priority, RedirectMode};
pub use origin::{Origin, Scheme};
pub use port::spoken_on;
pub use proxy::{BadProxy, Proxy, ProxyKind};
pub use question::{
    Carrier, Family, Finding, NameAnswer, NameLine, NameRecord, Question, Replied, Reply,
};
pub use request::{BadMethod, Method, RequestHead};
pub use response::{ResponseHead, Version};
pub use saying::{BadField, Payload, Saying};
pub use secret::Hidden;
pub use set_cookie::{SetCookie, cookie_pairs};
pub use shared::Shared;
pub use span::span;
pub use text::{clip, unescaped, visible, width};
