//! Markdown as safe HTML for the page and as plain words for the index. Two nets: the renderer
//! drops raw HTML, and what it made is cleaned against a short list of elements.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use comrak::nodes::NodeValue;
use comrak::{Arena, Options, format_html, parse_document};

/// The page's own headings are one and two.
const FIRST_HEADING: u8 = 3;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "p",
        "br",
        "strong",
        "em",
        "del",
        "a",
        "ul",
        "ol",
        "li",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "code",
        "pre",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ];
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from(tags))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .url_schemes(HashSet::from(["https", "http", "mailto", "tel"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .clean_content_tags(HashSet::from(["script", "style"]))
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options
}

/// HTML that may stand in our page.
pub fn html(markdown: &str) -> String {
    let (arena, options) = (Arena::new(), options());
    let root = parse_document(&arena, markdown, &options);
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data.borrow_mut().value {
            heading.level = (heading.level + FIRST_HEADING - 1).min(6);
        }
    }
    let mut html = String::new();
    // writing into a String cannot fail
    let _ = format_html(root, &options, &mut html);
    CLEANER.clean(&html).to_string()
}

/// The words without their marks.
pub fn plain(markdown: &str) -> String {
    let (arena, options) = (Arena::new(), options());
    let root = parse_document(&arena, markdown, &options);
    let mut text = String::new();
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            value if value.block() && !text.is_empty() && !text.ends_with('\n') => text.push('\n'),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_an_author_writes_can_run() {
        let html = html(
            "# Big\n<script>alert(1)</script>\n<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) \
             [b](https://example.org \"x\") ![c](https://example.org/c.png)",
        );
        for bad in ["<script", "onerror", "javascript:", "<img", "<h1"] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
        assert!(html.contains("<h3>Big</h3>"), "{html}");
        assert!(html.contains("rel=\"noopener noreferrer nofollow\""), "{html}");
    }

    #[test]
    fn plain_words_keep_their_spaces() {
        assert_eq!(
            plain("# One\n\nTwo *three*\nfour `five`\n\n- six").split_whitespace().collect::<Vec<_>>().join(" "),
            "One Two three four five six"
        );
    }
}
