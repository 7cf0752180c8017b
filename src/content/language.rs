/// What a text is written in, as far as it is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JSON.
    Json,
    /// HTML, XML, SVG.
    Markup,
    /// CSS.
    Style,
    /// JavaScript, TypeScript.
    Script,
    /// Anything else.
    Plain,
}

impl Language {
    /// The language of a media type; where it says nothing, of what the text begins with.
    pub fn of(content_type: &str, text: &str) -> Self {
        let essence = content_type.split(';').next().unwrap_or_default();
        let essence = essence.trim().to_ascii_lowercase();
        let subtype = essence.split_once('/').map_or("", |(_, subtype)| subtype);
        if subtype == "json" || subtype.ends_with("+json") {
            return Self::Json;
        }
        if ["html", "xml"].contains(&subtype) || subtype.ends_with("+xml") {
            return Self::Markup;
        }
        if subtype == "css" {
            return Self::Style;
        }
        if subtype.contains("javascript")
            || subtype.contains("ecmascript")
            || subtype == "typescript"
        {
            return Self::Script;
        }
        let is_untold = ["", "text/plain", "application/octet-stream"].contains(&essence.as_str());
        match text.trim_start().chars().next() {
            Some('{' | '[') if is_untold => Self::Json,
            Some('<') if is_untold => Self::Markup,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_is_believed_before_the_text() {
        for (content_type, text, language) in [
            ("application/json; charset=utf-8", "", Language::Json),
            ("application/problem+json", "", Language::Json),
            ("IMAGE/SVG+XML", "", Language::Markup),
            ("text/html", "{}", Language::Markup),
            ("text/css", "", Language::Style),
            ("application/x-javascript", "", Language::Script),
            ("text/plain", " [1]", Language::Json),
            ("", "<p>", Language::Markup),
            ("text/csv", "{", Language::Plain),
            ("", "plain", Language::Plain),
        ] {
            assert_eq!(Language::of(content_type, text), language, "{content_type}");
        }
    }
}
