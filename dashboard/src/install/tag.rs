//! The tag of a site and what a page with a policy or a consent tool needs.

/// Tag of a site on this collector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Address in front of `e/SITE.js`, with its slash.
    base: String,
    site: String,
}

impl Tag {
    /// Creates the tag of a site from the address of the owner's page.
    pub fn new(page_address: &str, site: &str) -> Self {
        let path = page_address.split(['?', '#']).next().unwrap_or_default();
        let base = path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or_default();
        Self { base: base.to_owned(), site: site.to_owned() }
    }

    /// Returns the address of the loader.
    pub fn loader(&self) -> String {
        format!("{}e/{}.js", self.base, self.site)
    }

    /// Returns the address of the page with the survey alone.
    pub fn hosted_page(&self) -> String {
        format!("{}s/{}", self.base, self.site)
    }

    /// Returns the address of the badge as SVG.
    pub fn badge(&self) -> String {
        format!("{}v1/sites/{}/badge.svg", self.base, self.site)
    }

    /// Returns the link that opens a share key. It has the name of the site, which a share key
    /// cannot read.
    pub fn share_link(&self, key: &str, name: &str) -> String {
        // The fragment never leaves the browser, so no log has the key.
        let name = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>();
        format!("{}#share={key}&site={}&name={name}", self.base, self.site)
    }

    /// Returns the HTML of the tag.
    pub fn html(&self) -> String {
        format!("<script async src=\"{}\"></script>", self.loader())
    }

    /// Returns the HTML of the badge, which says what it shows where pictures are not.
    pub fn badge_html(&self) -> String {
        format!(
            "<img src=\"{}\" alt=\"Net Promoter Score of the last 365 days\" height=\"20\">",
            self.badge()
        )
    }

    /// Returns the origin of the collector, as a Content Security Policy names it.
    pub fn origin(&self) -> &str {
        let after_scheme = self.base.find("://").map_or(0, |at| at + 3);
        let host = self.base.get(after_scheme..).unwrap_or_default();
        let end = host.find('/').map_or(self.base.len(), |at| after_scheme + at);
        self.base.get(..end).unwrap_or_default()
    }

    /// Returns the directives that a Content Security Policy needs.
    pub fn policy(&self) -> String {
        let origin = self.origin();
        format!("script-src {origin} 'wasm-unsafe-eval'; connect-src {origin}")
    }

    /// Returns the directives where WebAssembly is not to be allowed: the survey opens in a frame.
    pub fn frame_policy(&self) -> String {
        let origin = self.origin();
        format!("script-src {origin}; frame-src {origin}")
    }

    /// Returns the tag with commands that wait for it, for a consent tool.
    pub fn consent_html(&self) -> String {
        format!(
            "<script>typeof grapevine == \"function\" || (window.grapevine = function () {{ \
             (grapevine.q = grapevine.q || []).push(arguments) }})</script>\n{}\n<script>\n  \
             // Call this when the visitor agrees, and on each later page while that is so.\n  \
             function onConsent() {{ grapevine(\"consent\") }}\n  \
             // Call this when the visitor takes the consent back.\n  \
             function onRefusal() {{ grapevine(\"consent\", false) }}\n</script>",
            self.html()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "c3g9djcng4aa7xjq626e";

    #[test]
    fn addresses_keep_the_path_in_front_of_the_page() {
        for (page, base, origin) in [
            ("https://nps.shop.example/", "https://nps.shop.example/", "https://nps.shop.example"),
            ("http://127.0.0.1:8787/?site=x#main", "http://127.0.0.1:8787/", "http://127.0.0.1:8787"),
            (
                "https://shop.example/feedback/?a=b/c",
                "https://shop.example/feedback/",
                "https://shop.example",
            ),
            (
                "https://shop.example:8443/a/b/index",
                "https://shop.example:8443/a/b/",
                "https://shop.example:8443",
            ),
        ] {
            let tag = Tag::new(page, SITE);
            assert_eq!(tag.loader(), format!("{base}e/{SITE}.js"));
            assert_eq!(tag.origin(), origin, "{page}");
            assert_eq!(tag.policy(), format!("script-src {origin} 'wasm-unsafe-eval'; connect-src {origin}"));
            let link = tag.share_link("KEY", "Tea & more");
            assert_eq!(link, format!("{base}#share=KEY&site={SITE}&name=Tea+%26+more"));
        }
    }

    #[test]
    fn the_tag_is_one_line_and_the_consent_recipe_contains_it() {
        let tag = Tag::new("https://nps.example/", SITE);
        assert_eq!(
            tag.html(),
            "<script async src=\"https://nps.example/e/c3g9djcng4aa7xjq626e.js\"></script>"
        );
        let consent = tag.consent_html();
        assert!(consent.contains(&tag.html()) && consent.contains("grapevine(\"consent\", false)"));
        assert_eq!(consent.lines().filter(|line| line.ends_with("</script>")).count(), 3, "{consent}");
    }
}
