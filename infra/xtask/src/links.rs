//! Links between the documents: a moved page must not leave a dead link.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::bail;

use crate::place::{files, root};

/// Checks the links of every Markdown file of the checkout.
///
/// # Errors
/// Naming each link that leads nowhere.
pub(crate) fn check() -> anyhow::Result<()> {
    let broken = broken(&root());
    if !broken.is_empty() {
        bail!("links that lead nowhere:\n{}", broken.join("\n"));
    }
    Ok(())
}

/// `file: link` for each link to a file or a heading that is not there.
fn broken(top: &Path) -> Vec<String> {
    let mut broken = Vec::new();
    for page in files(top, &is_page) {
        let text = fs::read_to_string(&page).unwrap_or_default();
        for link in links(&text) {
            if !leads_somewhere(&page, &text, &link) {
                broken.push(format!("{}: {link}", page.strip_prefix(top).unwrap_or(&page).display()));
            }
        }
    }
    broken
}

fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

fn leads_somewhere(page: &Path, text: &str, link: &str) -> bool {
    if link.contains("://") || link.starts_with("mailto:") {
        // Whether others keep their pages is not ours to test.
        return true;
    }
    let (file, heading) = link.split_once('#').map_or((link, None), |(file, heading)| (file, Some(heading)));
    let target: PathBuf = page.parent().unwrap_or(Path::new("")).join(file);
    // Pictures of the screens are made by the tests in browsers.
    if file.ends_with(".png") && file.contains("screenshots/") {
        return true;
    }
    match (file, heading) {
        ("", Some(heading)) => headings(text).any(|known| known == heading),
        (_, None) => target.exists(),
        (_, Some(heading)) => {
            let other = fs::read_to_string(&target).unwrap_or_default();
            headings(&other).any(|known| known == heading)
        }
    }
}

/// The targets of `[text](target)` and `![text](target)` outside of code.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in prose(text) {
        // Between backticks nothing is a link.
        for piece in line.split('`').step_by(2) {
            let mut rest = piece;
            while let Some(start) = rest.find("](") {
                rest = &rest[start + 2..];
                let Some(end) = rest.find(')') else { break };
                let target = rest[..end].split_whitespace().next().unwrap_or_default();
                links.push(target.to_owned());
                rest = &rest[end..];
            }
        }
    }
    links
}

/// The anchors of the headings, as mdBook and GitHub make them.
fn headings(text: &str) -> impl Iterator<Item = String> + '_ {
    prose(text).filter(|line| line.starts_with('#')).map(|line| {
        line.trim_start_matches('#')
            .trim()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .flat_map(char::to_lowercase)
            .collect()
    })
}

fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_of_this_checkout_leads_somewhere() {
        assert_eq!(broken(&root()), Vec::<String>::new());
    }

    #[test]
    fn a_dead_link_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let page = "# One thing\n[a](other.md) [b](gone.md) [c](#one-thing) [d](#two) [e](other.md#here-it-is)\n\
                    [f](https://example.org) `[g](code.md)`\n```\n[h](code.md)\n```\n[i](other.md#not)\n";
        fs::write(folder.path().join("page.md"), page).expect("written");
        fs::write(folder.path().join("other.md"), "## Here, it is!\n").expect("written");
        assert_eq!(broken(folder.path()), ["page.md: gone.md", "page.md: #two", "page.md: other.md#not"]);
    }
}
