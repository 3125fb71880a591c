//! The page of a folder without an `index.html`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::promises::path::SitePath;

/// What is encoded in the name of a link: all but the unreserved characters of RFC 3986, section 2.3.
const NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A page with a link to each name, in the order given. A name that ends with a slash is a folder's.
pub(super) fn page(path: &SitePath, names: &[String]) -> String {
    let slash = if path.names.is_empty() { "" } else { "/" };
    let title = format!("/{}{slash}", escaped(&path.names));
    let mut page = format!(
        "<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body><h1>{title}</h1>\n<ul>\n"
    );
    let up = (!path.names.is_empty()).then_some("../");
    for name in up.into_iter().chain(names.iter().map(String::as_str)) {
        // A file named `javascript:...` becomes `javascript%3A...`, which is a name and no scheme.
        let link = utf8_percent_encode(name.strip_suffix('/').unwrap_or(name), NAME);
        let slash = if name.ends_with('/') { "/" } else { "" };
        page += &format!("<li><a href=\"{link}{slash}\">{}</a></li>\n", escaped(name));
    }
    page + "</ul></body></html>\n"
}

/// Text in a page.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let text = text.replace('>', "&gt;").replace('"', "&quot;");
    text.replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_text_and_its_link_leads_to_it() {
        let path = SitePath::parse("/%3Cb%3E/").unwrap();
        let names = [
            "<img src=x onerror='a'>&\".txt",
            "javascript:a",
            "sub/",
            "\u{7c98} %2e",
        ];
        let page = page(&path, &names.map(str::to_owned));
        for part in [
            "<h1>/&lt;b&gt;/</h1>",
            "<a href=\"../\">../</a>",
            "<a href=\"%3Cimg%20src%3Dx%20onerror%3D%27a%27%3E%26%22.txt\">&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;.txt</a>",
            "<a href=\"javascript%3Aa\">",
            "<a href=\"sub/\">sub/</a>",
            "<a href=\"%E7%B2%98%20%252e\">\u{7c98} %2e</a>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!super::page(&SitePath::parse("/").unwrap(), &[]).contains(".."));
    }
}
