/// A short word for a media type, as a table has room for.
pub fn kind(media_type: &str) -> &str {
    match media_type {
        "text/html" | "application/xhtml+xml" => "html",
        "text/css" => "css",
        "text/plain" => "text",
        "text/javascript" | "application/javascript" | "application/x-javascript" => "js",
        "image/svg+xml" => "svg",
        "image/x-icon" | "image/vnd.microsoft.icon" => "icon",
        "application/octet-stream" => "bytes",
        "application/wasm" => "wasm",
        "text/event-stream" => "events",
        other if other.ends_with("+json") => "json",
        other if other.ends_with("+xml") => "xml",
        other => {
            let subtype = other.rsplit('/').next().unwrap_or(other);
            subtype.strip_prefix("x-").unwrap_or(subtype)
        }
    }
}
