use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// What is stored of a body: all of it, or the parts that came.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// How long the whole is, where that is known.
    pub total: Option<u64>,
    /// Which bytes are here: in order, apart from each other, none empty.
    spans: Vec<Range<u64>>,
    /// These bytes one after the other; nothing while they are on the disk only.
    held: Option<Arc<[u8]>>,
}

impl Content {
    /// A whole body.
    pub fn whole(bytes: Arc<[u8]>) -> Self {
        let total = bytes.len() as u64;
        Self {
            total: Some(total),
            spans: spans_of(0..total),
            held: Some(bytes),
        }
    }

    /// The bytes from `first` on, of a body with `total` bytes.
    pub fn part(first: u64, bytes: Arc<[u8]>, total: Option<u64>) -> Self {
        let end = first.saturating_add(bytes.len() as u64);
        Self {
            total,
            spans: spans_of(first..end),
            held: Some(bytes),
        }
    }

    /// The same, of which the bytes are elsewhere.
    pub fn elsewhere(total: Option<u64>, spans: Vec<Range<u64>>) -> Self {
        let held = None;
        Self { total, spans, held }
    }

    /// Whether it has every byte.
    pub fn is_whole(&self) -> bool {
        match self.total {
            Some(0) => true,
            Some(total) => self.has(&(0..total)),
            None => false,
        }
    }

    /// Whether it has all of `range`.
    pub fn has(&self, range: &Range<u64>) -> bool {
        let holds = |span: &Range<u64>| span.start <= range.start && span.end >= range.end;
        self.spans.iter().any(holds) || range.is_empty()
    }

    /// Which bytes are here.
    pub fn spans(&self) -> &[Range<u64>] {
        &self.spans
    }

    /// How many bytes are here.
    pub fn len(&self) -> u64 {
        self.spans.iter().map(|span| span.end - span.start).sum()
    }

    /// Whether no byte is here.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The bytes, where they are in memory.
    pub fn held(&self) -> Option<&Arc<[u8]>> {
        self.held.as_ref()
    }

    /// The same with its bytes, if they are as many as they should be.
    pub fn with(&self, bytes: Arc<[u8]>) -> Option<Self> {
        let is_right = bytes.len() as u64 == self.len();
        let held = Some(bytes);
        is_right.then(|| Self {
            held,
            ..self.clone()
        })
    }

    /// The same without its bytes.
    #[must_use]
    pub fn without_bytes(&self) -> Self {
        Self::elsewhere(self.total, self.spans.clone())
    }

    /// The one stretch of `range` that is not here; nothing if there is none, or more than one.
    pub fn gap(&self, range: &Range<u64>) -> Option<Range<u64>> {
        let mut gaps = Vec::new();
        let mut at = range.start;
        for span in &self.spans {
            if span.start >= range.end {
                break;
            }
            if span.start > at {
                gaps.push(at..span.start);
            }
            at = at.max(span.end);
        }
        if at < range.end {
            gaps.push(at..range.end);
        }
        match gaps.as_slice() {
            [gap] => Some(gap.clone()),
            _ => None,
        }
    }

    /// The bytes of `range`, all of which must be here and in memory.
    pub fn slice(&self, range: &Range<u64>) -> Option<Arc<[u8]>> {
        let held = self.held.as_ref()?;
        if range.is_empty() {
            return Some(Arc::from([]));
        }
        if self.spans.as_slice() == [range.clone()] {
            return Some(Arc::clone(held));
        }
        let mut before = 0;
        for span in &self.spans {
            if span.start <= range.start && span.end >= range.end {
                let from = usize::try_from(before + range.start - span.start).ok()?;
                let count = usize::try_from(range.end - range.start).ok()?;
                return held.get(from..from.checked_add(count)?).map(Arc::from);
            }
            before += span.end - span.start;
        }
        None
    }

    /// Both together; where both have a byte, `other`'s counts. Nothing if the bytes are not here.
    pub fn joined(&self, other: &Self) -> Option<Self> {
        let mut pieces: Vec<(u64, Arc<[u8]>)> = Vec::new();
        for span in &other.spans {
            pieces.push((span.start, other.slice(span)?));
        }
        for span in &self.spans {
            let mut at = span.start;
            for taken in &other.spans {
                let before = at..taken.start.min(span.end);
                if !before.is_empty() {
                    pieces.push((before.start, self.slice(&before)?));
                }
                at = at.max(taken.end);
            }
            if at < span.end {
                pieces.push((at, self.slice(&(at..span.end))?));
            }
        }
        pieces.sort_by_key(|(start, _)| *start);
        let mut spans: Vec<Range<u64>> = Vec::new();
        let mut bytes = Vec::new();
        for (start, piece) in pieces {
            let end = start + piece.len() as u64;
            match spans.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => spans.push(start..end),
            }
            bytes.extend_from_slice(&piece);
        }
        Some(Self {
            total: other.total.or(self.total),
            spans,
            held: Some(bytes.into()),
        })
    }
}

fn spans_of(range: Range<u64>) -> Vec<Range<u64>> {
    if range.is_empty() {
        Vec::new()
    } else {
        vec![range]
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {:?} bytes", self.spans, self.total)
    }
}

/// `5 of 10 bytes`, or `10 bytes`.
impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let here = self.len();
        match self.total {
            _ if self.is_whole() => write!(f, "{here} bytes"),
            Some(total) => write!(f, "{here} of {total} bytes"),
            None => write!(f, "{here} bytes of an unknown number"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(first: u64, text: &str) -> Content {
        Content::part(first, Arc::from(text.as_bytes()), Some(10))
    }

    #[test]
    fn parts_join_to_the_whole() {
        let (head, tail) = (part(0, "01234"), part(5, "56789"));
        assert_eq!(head.gap(&(0..10)), Some(5..10));
        assert!(!head.is_whole() && head.has(&(1..5)) && !head.has(&(1..6)));
        let whole = head.joined(&tail).unwrap();
        assert!(whole.is_whole());
        assert_eq!(whole.spans(), std::slice::from_ref(&(0..10)));
        assert_eq!(&*whole.slice(&(3..7)).unwrap(), b"3456");
        assert_eq!(whole.gap(&(0..10)), None);
    }

    #[test]
    fn two_holes_are_more_than_one_request_can_fill() {
        let sparse = part(2, "23").joined(&part(6, "67")).unwrap();
        assert_eq!(sparse.gap(&(0..10)), None);
        assert_eq!(sparse.gap(&(2..8)), Some(4..6));
        assert_eq!(sparse.to_string(), "4 of 10 bytes");
        assert_eq!(&*sparse.slice(&(6..8)).unwrap(), b"67");
        assert_eq!(sparse.slice(&(3..7)), None);
    }

    proptest! {
        /// Whatever parts of one body are joined in whatever order, each byte stays in its place.
        #[test]
        fn every_byte_stays_in_its_place(parts in prop::collection::vec((0u64..40, 1u64..15), 1..8)) {
            let body: Vec<u8> = (0..60).collect();
            let piece = |first: u64, count: u64| {
                let bytes: Arc<[u8]> = (first..first + count).map(|at| body[usize::try_from(at).unwrap()]).collect();
                Content::part(first, bytes, Some(60))
            };
            let mut all = piece(parts[0].0, parts[0].1);
            for (first, count) in &parts[1..] {
                all = all.joined(&piece(*first, *count)).unwrap();
            }
            let is_in = |at: u64| parts.iter().any(|(first, count)| (*first..first + count).contains(&at));
            for at in 0..60 {
                let byte = all.slice(&(at..at + 1));
                prop_assert_eq!(byte.is_some(), is_in(at));
                if let Some(byte) = byte {
                    prop_assert_eq!(byte[0], u8::try_from(at).unwrap());
                }
            }
            let count = (0..60).filter(|at| is_in(*at)).count() as u64;
            prop_assert_eq!(all.len(), count);
        }
    }
}
