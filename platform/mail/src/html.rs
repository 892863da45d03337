//! The HTML form of a letter: tables and inline styles, which every mail program understands.

use std::fmt::Write as _;

use crate::body::{Block, Body, Span};

const ACCENT: &str = "#1d4f91";
const INK: &str = "#1b1f24";
const FAINT: &str = "#5b6470";
const FONT: &str = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/// The whole page. `language` is an ISO 639-1 code, `subject` the page's title.
pub(crate) fn page(body: &Body, subject: &str, language: &str) -> String {
    let mut inside = String::new();
    if let Some(greeting) = &body.greeting {
        put(
            &mut inside,
            format_args!(r#"<p style="{}font-weight:600">{}</p>"#, paragraph(), lines(greeting)),
        );
    }
    for block in &body.blocks {
        put_block(&mut inside, block);
    }
    let sender = if body.sender.is_empty() {
        String::new()
    } else {
        format!(
            r#"<tr><td style="padding:20px 32px;border-bottom:1px solid #e4e8ed;font:600 15px/1.4 {FONT};color:{ACCENT}">{}</td></tr>"#,
            escape(&body.sender)
        )
    };
    let footer = if body.footer.is_empty() {
        String::new()
    } else {
        let text = body.footer.iter().map(|line| lines(line)).collect::<Vec<_>>().join("<br>");
        format!(
            r#"<tr><td style="padding:16px 32px 20px;border-top:1px solid #e4e8ed;font:13px/1.5 {FONT};color:{FAINT}">{text}</td></tr>"#
        )
    };
    format!(
        r#"<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light">
<title>{title}</title>
</head>
<body style="margin:0;padding:0;background:#eef1f5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#eef1f5">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-top:4px solid {ACCENT};border-radius:6px;text-align:left">
{sender}
<tr><td style="padding:28px 32px 12px">
{inside}</td></tr>
{footer}
</table>
</td></tr>
</table>
</body>
</html>
"#,
        title = escape(subject),
    )
}

fn put_block(page: &mut String, block: &Block) {
    match block {
        Block::Paragraph(text) => {
            put(page, format_args!(r#"<p style="{}">{}</p>"#, paragraph(), lines(text)));
        }
        Block::Facts(facts) => {
            put(
                page,
                format_args!(
                    r#"<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 18px">"#
                ),
            );
            for (name, value) in facts {
                put(
                    page,
                    format_args!(
                        r#"<tr><td style="padding:2px 20px 2px 0;vertical-align:top;font:15px/1.5 {FONT};color:{FAINT}">{}</td><td style="padding:2px 0;vertical-align:top;font:15px/1.5 {FONT};color:{INK}">{}</td></tr>"#,
                        escape(name),
                        lines(value)
                    ),
                );
            }
            put(page, format_args!("</table>"));
        }
        Block::List(items) => put_list(page, "ul", items.iter().map(|item| lines(item))),
        Block::Numbered(items) => put_list(page, "ol", items.iter().map(|item| lines(item))),
        Block::Heading(text) => {
            put(
                page,
                format_args!(
                    r#"<h2 style="margin:8px 0 12px;font:600 20px/1.35 {FONT};color:{INK}">{}</h2>"#,
                    lines(text)
                ),
            );
        }
        Block::Rich(spans) => {
            put(page, format_args!(r#"<p style="{}">{}</p>"#, paragraph(), rich(spans)));
        }
        Block::RichList { numbered, items } => {
            put_list(page, if *numbered { "ol" } else { "ul" }, items.iter().map(|item| rich(item)));
        }
        Block::Image { source, alt } => {
            put(
                page,
                format_args!(
                    r#"<p style="margin:0 0 18px"><img src="{}" alt="{}" style="display:block;max-width:100%;height:auto;border:0"></p>"#,
                    escape(source),
                    escape(alt)
                ),
            );
        }
        Block::Divider => {
            put(
                page,
                format_args!(r#"<hr style="margin:4px 0 22px;border:0;border-top:1px solid #e4e8ed">"#),
            );
        }
        Block::Button { label, url } => {
            let url = escape(url.as_str());
            put(
                page,
                format_args!(
                    r#"<table role="presentation" cellpadding="0" cellspacing="0" style="margin:6px 0 10px"><tr><td style="background:{ACCENT};border-radius:5px"><a href="{url}" style="display:inline-block;padding:12px 26px;font:600 16px/1.25 {FONT};color:#ffffff;text-decoration:none">{}</a></td></tr></table>"#,
                    escape(label)
                ),
            );
            // For who reads with links switched off, and to see where it leads.
            put(
                page,
                format_args!(
                    r#"<p style="margin:0 0 18px;font:13px/1.5 {FONT};word-break:break-all"><a href="{url}" style="color:{FAINT}">{url}</a></p>"#
                ),
            );
        }
    }
}

/// Spans as HTML.
fn rich(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) => lines(text),
            Span::Bold(text) => format!("<strong>{}</strong>", lines(text)),
            Span::Link { text, url } => {
                format!(r#"<a href="{}" style="color:{ACCENT}">{}</a>"#, escape(url.as_str()), lines(text))
            }
        })
        .collect()
}

/// A list of items that are HTML already.
fn put_list(page: &mut String, tag: &str, items: impl Iterator<Item = String>) {
    put(
        page,
        format_args!(
            r#"<{tag} style="margin:0 0 18px;padding:0 0 0 24px;font:16px/1.5 {FONT};color:{INK}">"#
        ),
    );
    for item in items {
        put(page, format_args!(r#"<li style="margin:0 0 6px">{item}</li>"#));
    }
    put(page, format_args!("</{tag}>"));
}

fn paragraph() -> String {
    format!("margin:0 0 18px;font:16px/1.55 {FONT};color:{INK};")
}

fn put(page: &mut String, what: std::fmt::Arguments<'_>) {
    page.write_fmt(what).expect("a String takes everything");
    page.push('\n');
}

/// The text with its line ends kept.
fn lines(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_becomes_html() {
        let evil = "<script>\"'&</script>";
        let body = Body::from(evil)
            .greeting(evil)
            .paragraph(evil)
            .facts([(evil.into(), evil.into())])
            .list([evil.into()])
            .numbered([evil.into()])
            .button(evil, "https://example.org/?q=\"><script>'".parse().unwrap())
            .block(Block::Heading(evil.into()))
            .block(Block::Rich(vec![Span::Text(evil.into()), Span::Bold(evil.into())]))
            .block(Block::RichList {
                numbered: false,
                items: vec![vec![Span::Link {
                    text: evil.into(),
                    url: "https://example.org/?q=\"><script>'".parse().unwrap(),
                }]],
            })
            .block(Block::Image { source: evil.into(), alt: evil.into() })
            .footer(evil);
        let page = page(&body, evil, "ru");
        assert!(!page.contains("<script") && !page.contains("\"'&"), "{page}");
        assert_eq!(page.matches("&lt;script&gt;&quot;&#39;&amp;&lt;/script&gt;").count(), 16);
    }

    #[test]
    fn line_ends_of_a_paragraph_are_kept() {
        assert!(page(&Body::from("").paragraph("а\nб"), "", "ru").contains("а<br>б"));
    }
}
