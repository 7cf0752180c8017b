//! An answer handed to an exchange in pieces, and what came of it.

use netwaterfall::http1::{Exchange, Framing, ProtocolError, Step};

/// What an exchange made of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Every step but those of the body, each behind how much body had come before it.
    pub(super) steps: Vec<(usize, String)>,
    pub(super) framing: Option<Framing>,
    pub(super) body: Vec<u8>,
    pub(super) end: End,
}

/// How it went out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// More is to come.
    Waiting,
    /// It is complete, with so many bytes behind it, and this becomes of the connection.
    Done { after: usize, fate: String },
    /// It broke a rule.
    Broken(String),
}

/// What comes behind the last piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Silence.
    Silence,
    /// The end of the connection.
    End,
}

/// Hands `answer` in, in pieces of the lengths `cuts`, again and again.
pub(super) fn tell(method: &str, answer: &[u8], cuts: &[usize], then: Then) -> Told {
    let mut feeding = Feeding {
        exchange: Exchange::new(method.parse().unwrap()),
        told: Told {
            steps: Vec::new(),
            framing: None,
            body: Vec::new(),
            end: End::Waiting,
        },
        // Whatever is longer does not come to an end.
        patience: 4 * answer.len() + 100,
    };
    let end = feeding.all(answer, cuts, then);
    let Feeding { mut told, .. } = feeding;
    told.end = end.unwrap_or_else(|error| End::Broken(name_of(&error)));
    told
}

struct Feeding {
    exchange: Exchange,
    told: Told,
    patience: usize,
}

impl Feeding {
    fn all(&mut self, answer: &[u8], cuts: &[usize], then: Then) -> Result<End, ProtocolError> {
        let mut rest = answer;
        let mut cuts = cuts.iter().cycle();
        while !rest.is_empty() {
            let (piece, later) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
            if let Some(left) = self.piece(piece)? {
                return Ok(self.done(left + later.len()));
            }
            rest = later;
        }
        match then {
            Then::Silence => Ok(End::Waiting),
            Then::End => {
                while self.exchange.ended()? != Step::Done {
                    self.patience -= 1;
                }
                Ok(self.done(0))
            }
        }
    }

    /// How many bytes of `piece` are left over, once the answer is complete.
    fn piece(&mut self, piece: &[u8]) -> Result<Option<usize>, ProtocolError> {
        let mut rest = piece;
        loop {
            self.patience -= 1;
            let (used, step) = self.exchange.receive(rest)?;
            let (taken, left) = rest.split_at(used);
            rest = left;
            if let Step::Body(range) = step {
                assert!(!range.is_empty(), "a piece of the body is empty");
                self.told.body.extend_from_slice(&taken[range]);
                continue;
            }
            if step == Step::More {
                assert!(rest.is_empty(), "it wants more, and has not taken all");
                return Ok(None);
            }
            if let Step::Head { framing, .. } = step {
                self.told.framing = Some(framing);
            }
            if step == Step::Done {
                let again = self.exchange.receive(rest);
                assert_eq!(again, Ok((0, Step::Done)), "done is done");
                return Ok(Some(rest.len()));
            }
            let step = format!("{step:?}");
            self.told.steps.push((self.told.body.len(), step));
        }
    }

    fn done(&mut self, after: usize) -> End {
        assert!(self.exchange.ended().is_ok(), "done, and then cut");
        let fate = self.exchange.fate(after).to_string();
        End::Done { after, fate }
    }
}

/// An error without what depends on the cut: of what is no HTTP, as much is quoted as has come.
fn name_of(error: &ProtocolError) -> String {
    let words = error.to_string();
    let is_safe = !words.chars().any(char::is_control);
    assert!(is_safe, "a terminal would obey {words:?}");
    if let ProtocolError::NotHttp(_) = error {
        return "NotHttp".to_owned();
    }
    format!("{error:?}")
}
